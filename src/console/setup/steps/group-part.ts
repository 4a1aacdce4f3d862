import type { GroupQuery } from '../../../sso/setup/ports.js';
import type { StepContext } from '../step.js';

/** The part of the list that is shown, or was when the form was sent. */
export function partOf({ fields, query }: StepContext): GroupQuery {
  const { search = '', after } = fields['shown.search'] === undefined ? query : shownOf(fields);
  return { search: search.slice(0, SEARCH_MAX), after: after === undefined || after === '' ? null : after };
}

const SEARCH_MAX = 200;

function shownOf(fields: StepContext['fields']): StepContext['query'] {
  return { search: fields['shown.search'] ?? '', after: fields['shown.after'] ?? '' };
}

export function isWhole({ search, after }: GroupQuery): boolean {
  return search === '' && after === null;
}

/** Where in the list the button leads; null: it leads on to the next step. */
export function wayOf(fields: StepContext['fields']): StepContext['query'] | null {
  const { search = '' } = shownOf(fields);
  switch (fields['go']) {
    case 'find':
      return { search: (fields['search'] ?? '').trim() };
    case 'next':
      return { search, after: fields['next'] ?? '' };
    case 'first':
      return { search };
    default:
      return null;
  }
}
