import type { Markup } from '../markup/markup.js';
import type { FlashKey } from './flash.js';

/** A whole page, or a piece of one for htmx. */
export interface PageResult {
  readonly type: 'page';
  readonly title: string;
  readonly body: Markup;
  readonly status?: number;
  /** Why the form that led here changed nothing. */
  readonly problem?: string;
}

export interface RedirectResult {
  readonly type: 'redirect';
  readonly to: string;
  /** Shown once on the page that follows. */
  readonly flash?: FlashKey;
}

export interface FragmentResult {
  readonly type: 'fragment';
  readonly body: Markup;
  readonly status?: number;
}

export type Result = PageResult | RedirectResult | FragmentResult;

export function page(title: string, body: Markup, status = 200): PageResult {
  return { type: 'page', title, body, status };
}

export function redirect(to: string, flash?: FlashKey): RedirectResult {
  return flash === undefined ? { type: 'redirect', to } : { type: 'redirect', to, flash };
}

export function fragment(body: Markup, status = 200): FragmentResult {
  return { type: 'fragment', body, status };
}
