import type { SetupJourney } from '../../sso/setup/journey.js';
import type { SetupState } from '../../sso/setup/state.js';
import type { Markup } from '../markup/markup.js';

/** One request of somebody who goes through a set-up. */
export interface StepContext {
  readonly journey: SetupJourney;
  readonly state: SetupState;
  readonly csrf: string;
  readonly now: Date;
  readonly scimBaseUrl: string;
  /** Fields of the form that was just sent; empty otherwise. */
  readonly fields: Readonly<Record<string, string>>;
  /** One value of each name in the page's address. */
  readonly query: Readonly<Record<string, string>>;
}

/** What a form of a step led to. */
export type StepOutcome =
  /** Saved; on to what is next. */
  | { readonly type: 'next'; readonly state: SetupState }
  /** Saved; the same step once more, at another part of its list. */
  | { readonly type: 'again'; readonly query: Readonly<Record<string, string>> }
  /** Saved; this page shows something once. */
  | { readonly type: 'page'; readonly state: SetupState; readonly body: Markup }
  /** The set-up is over. */
  | { readonly type: 'end'; readonly title: string; readonly body: Markup };

export interface StepPage {
  title(state: SetupState): string;
  show(context: StepContext): Promise<Markup>;
  /** Throws AppError, whose message stands above the form then. */
  submit(context: StepContext): Promise<StepOutcome>;
}
