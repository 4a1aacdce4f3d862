import { tidyText } from './person-name.js';
import { byCodeUnits } from './sort.js';

/** Settings of an agent beyond role, teams and numbers, by the names that the vendor's adapter declares. */
export type AgentSettings = Readonly<Record<string, string>>;

/** How a setting's value looks. `phone` compares by its last ten digits. */
export type SettingValue =
  | { readonly type: 'text' }
  /** Several values, separated by commas, in any order. */
  | { readonly type: 'list' }
  | { readonly type: 'flag' }
  | { readonly type: 'phone' }
  | { readonly type: 'id' }
  | { readonly type: 'choice'; readonly choices: readonly string[] };

/** One setting that rules may speak of. */
export interface SettingDeclaration {
  readonly name: string;
  /** What the vendor's own pages call it. */
  readonly label: string;
  /** `api`: written at any time. `create`: with a new agent only, later by hand. `manual`: by hand. */
  readonly write: 'api' | 'create' | 'manual';
  readonly value: SettingValue;
}

/** One spelling for values that mean the same. */
export function settingValue(text: string, { type }: SettingValue): string {
  const tidy = tidyText(text);
  if (type === 'flag') return tidy.toLowerCase();
  if (type === 'list') return listedValues(tidy).join(', ');
  if (type === 'phone') return tidy.replace(/\D/gu, '').slice(-10);
  return tidy;
}

/** The values of a list, sorted. */
export function listedValues(text: string): readonly string[] {
  const values = text.split(',').map(tidyText);
  return [...new Set(values)].filter((one) => one !== '').toSorted(byCodeUnits);
}

/** What is wrong with a value of a rule, as the end of a sentence; null when it fits. */
export function settingProblem(text: string, value: SettingValue): string | null {
  const read = settingValue(text, value);
  switch (value.type) {
    case 'text':
    case 'list':
      return null;
    case 'flag':
      return read === 'true' || read === 'false' ? null : 'must be true or false';
    case 'phone':
      return read.length === 10 ? null : 'must be a phone number of at least ten digits';
    case 'id':
      return /^\d+$/u.test(read) ? null : "must be the vendor's id, a number";
    case 'choice':
      return value.choices.includes(read) ? null : `must be one of: ${value.choices.join(', ')}`;
  }
}
