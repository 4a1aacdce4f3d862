import { Router, urlencoded, type NextFunction, type Request, type Response } from 'express';
import { z, ZodError } from 'zod';

import { Refusal } from '../../reply.js';
import type { DashboardView } from '../dashboard/view.js';
import { refuse } from '../members.js';
import type { VxtSandboxSettings } from '../settings.js';
import { DEEDS, memberById, type DeedDeps } from './deeds.js';
import { Html, html } from './html.js';
import { memberPage, membersPage } from './members.js';
import { numberPage, numbersPage } from './numbers.js';
import { PAGES } from './paths.js';
import { recordsPage } from './records.js';

export interface PagesDeps extends DeedDeps {
  readonly memberList: () => string;
  readonly settings: Pick<VxtSandboxSettings, 'permissions' | 'emailEdit'>;
}

/** Addresses appear in these pages: nothing in them may run, and forms lead nowhere else. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";

type Render = (seen: DashboardView, params: Readonly<Record<string, string>>) => readonly [string, Html];

/** What an administrator sees and does: members, numbers, records, and the member list as a file. */
export function pagesRouter({ memberList, settings, ...deps }: PagesDeps): Router {
  const router = Router();
  const page = (path: string, render: Render): void => {
    router.get(path, ({ params }, res) => {
      const [title, body] = render(deps.view(), named(params));
      sendPage(res, 200, title, body);
    });
  };
  router.get('/', (_req, res) => res.redirect(PAGES.membersPath));
  router.get(`${PAGES.membersPath}/members.csv`, (_req, res) => {
    res.type('text/csv').attachment('members.csv').send(memberList());
  });
  page(PAGES.membersPath, (seen) => ['Users', membersPage(seen)]);
  page(`${PAGES.membersPath}/:id`, (seen, { id }) => {
    const member = memberById(seen, id);
    return [member.name, memberPage(member, settings)];
  });
  page(PAGES.numbersPath, (seen) => ['Phone numbers', numbersPage(seen)]);
  page(`${PAGES.numbersPath}/:number`, (seen, { number = '' }) => {
    const found = seen.numbers.find((one) => one.number === number);
    return [number, numberPage(found ?? refuse(`There is no number ${number}.`), seen)];
  });
  page(PAGES.recordsPath, (seen) => ['Records', recordsPage(seen)]);
  for (const [path, deed] of Object.entries(DEEDS)) {
    router.post(path, fromHere, urlencoded({ extended: false, limit: '20kb' }), async (req, res) => {
      res.redirect(303, await deed(deps, named(req.params), req.body));
    });
  }
  router.use(answerRefusal);
  return router;
}

function named(params: Readonly<Record<string, string | string[]>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}

/** Nobody signs in here: another page in the same browser must not be able to send these forms. */
function fromHere(req: Request, res: Response, next: NextFunction): void {
  const origin = req.get('origin');
  const isForeign = origin !== undefined && URL.parse(origin)?.host !== req.get('host');
  if (!isForeign) return next();
  sendPage(res, 403, 'Not done', html`<p>This form was sent from another page.</p>`);
}

function answerRefusal(error: unknown, _req: Request, res: Response, next: NextFunction): void {
  const words = error instanceof ZodError ? z.prettifyError(error) : refusalOf(error);
  if (words === null) return next(error);
  sendPage(res, 422, 'Not done', html`<p>${words}</p>`);
}

function refusalOf(error: unknown): string | null {
  if (!(error instanceof Refusal)) return null;
  return z.object({ error: z.string() }).parse(error.reply.body).error;
}

function sendPage(res: Response, status: number, title: string, body: Html): void {
  res.status(status).setHeader('content-security-policy', POLICY).type('html').send(frame(title, body));
}

function frame(title: string, body: Html): string {
  const links = [
    [PAGES.membersPath, 'Users'],
    [PAGES.numbersPath, 'Phone numbers'],
    [PAGES.recordsPath, 'Records'],
  ] as const;
  const style =
    'body{font:15px/1.5 sans-serif;margin:2rem;max-width:70rem}td,th{text-align:left;padding:.2rem 1rem .2rem 0}form{margin:.4rem 0}label{margin-right:.8rem}button,input,select{font:inherit}';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <p>Simulated VXT · ${links.map(([path, label]) => html`<a href="${path}">${label}</a> `)}</p>
        <h1>${title}</h1>
        ${body}
      </body>
    </html>`.text;
}
