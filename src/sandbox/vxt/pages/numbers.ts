import type { DashboardView, NumberView } from '../dashboard/view.js';
import { ACCESS_LISTS, type AccessList } from '../records.js';
import { form, type Html, html, table } from './html.js';
import { numberPath } from './paths.js';

const LISTS: Readonly<Record<AccessList, string>> = {
  assigned: 'Assigned Users',
  callerId: 'Caller ID access',
  callFlow: 'Call flow',
};

export function numbersPage({ numbers }: DashboardView): Html {
  return table(
    ['Number', 'Name', ...ACCESS_LISTS.map((list) => LISTS[list])],
    numbers.map((one) => [
      html`<a href="${numberPath(one.number)}">${one.number}</a>`,
      one.name,
      ...ACCESS_LISTS.map((list) => one[list].join(', ')),
    ]),
  );
}

/** The three places at a number, each on its own: being in one gives nothing of the others. */
export function numberPage(number: NumberView, { members }: DashboardView): Html {
  return html`<p>${number.name}</p>
    ${ACCESS_LISTS.map((list) => place(number, list, members))}`;
}

function place(number: NumberView, list: AccessList, members: DashboardView['members']): Html {
  const there = number[list];
  const others = members.map(({ email }) => email).filter((email) => !there.includes(email));
  return html`<h2>${LISTS[list]}</h2>
    ${there.map((email) => change(number, list, html`<input type="hidden" name="email" value="${email}" />${email}`, false))}
    ${others.length === 0 ? html`` : change(number, list, choice(LISTS[list], others), true)}`;
}

function choice(label: string, emails: readonly string[]): Html {
  const options = emails.map((email) => html`<option>${email}</option>`);
  return html`<label
    >Add to ${label}
    <select name="email">
      ${options}
    </select></label
  >`;
}

function change({ number }: NumberView, list: AccessList, who: Html, isGiven: boolean): Html {
  const what = html`<input type="hidden" name="list" value="${list}" />
    <input type="hidden" name="isGiven" value="${isGiven ? 'yes' : ''}" />${who}`;
  return form(`${numberPath(number)}/access`, what, isGiven ? 'Add' : 'Remove');
}
