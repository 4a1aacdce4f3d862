import { h, type Markup } from '../markup/markup.js';
import { Card } from './blocks.js';

export interface Choice {
  readonly label: string;
  /** What has to be at hand for it. */
  readonly needs: string;
  readonly href: string;
}

/** First step of connecting something: which kind of it. */
export function Choices({ choices }: { readonly choices: readonly Choice[] }): Markup {
  return (
    <Card title="Which one?">
      <ul class="rows">
        {choices.map(({ label, needs, href }) => (
          <li>
            <div class="grow">
              <a class="cover" href={href}>
                {label}
              </a>
              <p class="quiet small">{needs}</p>
            </div>
            <a class="button plain" href={href}>
              Choose<span class="hidden"> {label}</span>
            </a>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** What the connected thing is called here. */
export function NameField({
  value,
  maxLength,
  hint = null,
}: {
  readonly value: string;
  readonly maxLength: number;
  readonly hint?: string | null;
}): Markup {
  return (
    <div class="field">
      <label for="name">Name</label>
      <input
        id="name"
        name="name"
        value={value}
        required
        maxlength={String(maxLength)}
        autocomplete="off"
        aria-describedby={hint === null ? undefined : 'name-hint'}
      />
      {hint === null ? null : (
        <p class="hint" id="name-hint">
          {hint}
        </p>
      )}
    </div>
  );
}
