import { h, type Markup } from '../markup/markup.js';

/** The words that a list is narrowed by; `placeholder` says what is looked through. */
export function SearchField({
  value,
  placeholder,
  autocomplete,
}: {
  readonly value: string;
  readonly placeholder?: string;
  readonly autocomplete?: 'off';
}): Markup {
  return (
    <div class="field search">
      <label for="search">Search</label>
      <input
        id="search"
        type="search"
        name="search"
        value={value}
        placeholder={placeholder}
        autocomplete={autocomplete}
      />
    </div>
  );
}
