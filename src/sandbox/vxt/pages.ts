import { Router } from 'express';

import type { DashboardView, NumberView } from './dashboard/view.js';
import { ACCESS_LISTS } from './records.js';

/** Where the sandbox's pages are, as an account's settings name them. */
export const PAGES = {
  membersPath: '/settings/users',
  numbersPath: '/settings/phone-numbers',
  recordsPath: '/records',
} as const;

const LISTS = { assigned: 'Assigned Users', callerId: 'Caller ID access', callFlow: 'Call flow' } as const;
/** Addresses appear in these pages: nothing in them may run. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** What an administrator sees: members, numbers, who did what, and the member list as a file. Looking changes nothing. */
export function pagesRouter(view: () => DashboardView, memberList: () => string): Router {
  const router = Router();
  const page = (path: string, title: string, render: (seen: DashboardView) => string): void => {
    router.get(path, (_req, res) => {
      res
        .setHeader('content-security-policy', POLICY)
        .type('html')
        .send(frame(title, render(view())));
    });
  };
  router.get('/', (_req, res) => res.redirect(PAGES.membersPath));
  page(PAGES.membersPath, 'Users', membersPage);
  page(PAGES.numbersPath, 'Phone numbers', numbersPage);
  page(PAGES.recordsPath, 'Records', recordsPage);
  router.get(`${PAGES.membersPath}/members.csv`, (_req, res) => {
    res.type('text/csv').attachment('members.csv').send(memberList());
  });
  return router;
}

function membersPage({ members }: DashboardView): string {
  const rows = members.map(({ email, name, role, permissions, status }) => [
    email,
    name,
    role,
    permissions.join(', '),
    status,
  ]);
  const download = `<p><a href="${PAGES.membersPath}/members.csv">Export as CSV</a></p>`;
  return download + table(['E-mail', 'Name', 'Role', 'Permissions', 'Status'], rows);
}

function numbersPage({ numbers }: DashboardView): string {
  const cells = (one: NumberView): readonly string[] => ACCESS_LISTS.map((list) => one[list].join(', '));
  return table(
    ['Number', 'Name', ...ACCESS_LISTS.map((list) => LISTS[list])],
    numbers.map((one) => [one.number, one.name, ...cells(one)]),
  );
}

function recordsPage({ journal }: DashboardView): string {
  const rows = journal
    .toReversed()
    .map(({ at, action, email, detail }) => [new Date(at).toISOString(), action, email, detail]);
  return table(['When', 'What', 'Who', ''], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (tag: 'th' | 'td', cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${line('th', head)}${rows.map((row) => line('td', row)).join('')}</table>`;
}

function frame(title: string, body: string): string {
  const links = [
    [PAGES.membersPath, 'Users'],
    [PAGES.numbersPath, 'Phone numbers'],
    [PAGES.recordsPath, 'Records'],
  ].map(([path, label]) => `<a href="${path ?? ''}">${label ?? ''}</a>`);
  const style = 'body{font:15px sans-serif;margin:2rem}td,th{text-align:left;padding:.2rem 1rem .2rem 0}';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>${style}</style><h1>Simulated VXT: ${title}</h1><p>${links.join(' · ')}</p>${body}</html>`;
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replaceAll(/[&<>"]/gu, (sign) => entities[sign] ?? sign);
}
