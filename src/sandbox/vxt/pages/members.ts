import type { DashboardView } from '../dashboard/view.js';
import type { VxtSandboxSettings } from '../settings.js';
import { field, form, type Html, html, table } from './html.js';
import { memberPath, PAGES } from './paths.js';

type Member = DashboardView['members'][number];

export function membersPage({ members }: DashboardView): Html {
  const rows = members.map(({ id, email, name, role, permissions, status }) => [
    html`<a href="${memberPath(id)}">${email}</a>`,
    name,
    role,
    permissions.join(', '),
    status,
  ]);
  const invitation = html`${field('E-mail', 'email', '', 'email')} ${field('Name', 'name')}`;
  return html`<p><a href="${PAGES.membersPath}/members.csv">Export as CSV</a></p>
    ${table(['E-mail', 'Name', 'Role', 'Permissions', 'Status'], rows)}
    <h2>Invite a Member</h2>
    ${form(`${PAGES.membersPath}/invite`, invitation, 'Invite')}`;
}

/** Everything that can be changed about a member, in one form, and the removal. */
export function memberPage(
  member: Member,
  { permissions, emailEdit }: Pick<VxtSandboxSettings, 'permissions' | 'emailEdit'>,
): Html {
  const { id, name, email, role, status } = member;
  const details = html`
    <p>${field('Name', 'name', name)}</p>
    <p>${emailEdit === 'offered' ? field('E-mail', 'newEmail', email, 'email') : email}</p>
    <p>
      <label
        >Role
        <select name="role">
          ${options(['Member', 'Admin'], role)}
        </select></label
      >
    </p>
    <p>
      Permissions of a Member: ${permissions.map((one) => checkbox(one, member.permissions.includes(one)))}
    </p>
  `;
  return html`<p>${email} · ${status}</p>
    ${status === 'Invited' ? form(`${memberPath(id)}/accept`, html``, 'Accept as the person invited') : html``}
    ${form(`${memberPath(id)}/save`, details, 'Save')}
    <h2>Remove</h2>
    <p>Permanent. Type the member’s e-mail to confirm.</p>
    ${form(`${memberPath(id)}/remove`, field('E-mail', 'typed'), 'Remove')}`;
}

function options(values: readonly string[], selected: string): readonly Html[] {
  return values.map((value) =>
    value === selected ? html`<option selected>${value}</option>` : html`<option>${value}</option>`,
  );
}

function checkbox(permission: string, isOn: boolean): Html {
  const box = isOn
    ? html`<input type="checkbox" name="permissions" value="${permission}" checked />`
    : html`<input type="checkbox" name="permissions" value="${permission}" />`;
  return html`<label>${box} ${permission}</label> `;
}
