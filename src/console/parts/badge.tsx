import { h, type Child, type Markup } from '../markup/markup.js';

/** Colour is only ever the second sign: the words say the same. */
export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'plain';

export function Badge({
  tone = 'plain',
  children,
}: {
  readonly tone?: Tone;
  readonly children?: Child;
}): Markup {
  return <span class={tone === 'plain' ? 'badge' : `badge ${tone}`}>{children}</span>;
}
