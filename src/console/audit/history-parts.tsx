import { h, type Markup } from '../markup/markup.js';
import { paths } from '../paths.js';

export const HEAD = { crumbs: { href: paths.audit(), label: 'Audit' } } as const;

export function MomentField({
  name,
  label,
  value,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
}): Markup {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} name={name} type="datetime-local" value={value} />
    </div>
  );
}

export function Files({
  csv,
  json,
  isAny,
}: {
  readonly csv: string;
  readonly json: string;
  readonly isAny: boolean;
}): Markup | null {
  if (!isAny) return null;
  return (
    <span class="row">
      <a href={csv}>CSV</a>
      <a href={json}>JSON</a>
    </span>
  );
}
