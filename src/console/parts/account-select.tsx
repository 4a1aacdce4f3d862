import { h, type Markup } from '../markup/markup.js';

/** A choice of one phone system or all of them; nothing where there is no choice. */
export function AccountSelect({
  accounts,
  selected,
}: {
  readonly accounts: readonly { readonly name: string }[];
  readonly selected: string | null;
}): Markup | null {
  if (accounts.length < 2) return null;
  return (
    <div class="field">
      <label for="account">Phone system</label>
      <select id="account" name="account">
        <option value="">All</option>
        {accounts.map(({ name }) => (
          <option value={name} selected={name === selected}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
