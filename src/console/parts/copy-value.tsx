import { h, type Markup } from '../markup/markup.js';

/** A value to paste elsewhere, with a button where the browser can copy. `label` tells buttons apart for readers. */
export function CopyValue({
  id,
  label,
  value,
}: {
  readonly id: string;
  readonly label: string;
  readonly value: string;
}): Markup {
  return (
    <div class="copy">
      <code id={id}>{value}</code>
      <button class="button plain small" type="button" data-copy={id} data-scripted="yes" hidden>
        <span data-word="yes">Copy</span>
        <span class="hidden"> {label}</span>
      </button>
    </div>
  );
}
