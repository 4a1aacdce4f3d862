import type { DashboardView } from '../dashboard/view.js';
import { form, type Html, html, table } from './html.js';
import { PAGES } from './paths.js';

/** Who did what, newest first; and the export of a member's records, of which nothing but the note remains here. */
export function recordsPage({ journal, members }: DashboardView): Html {
  const rows = journal
    .toReversed()
    .map(({ at, action, email, detail }) => [new Date(at).toISOString(), action, email, detail]);
  const options = members.map(({ email }) => html`<option>${email}</option>`);
  const who = html`<label
    >Records of
    <select name="email">
      ${options}
    </select></label
  >`;
  return html`${form(`${PAGES.recordsPath}/export`, who, 'Export')}
  ${table(['When', 'What', 'Who', ''], rows)}`;
}
