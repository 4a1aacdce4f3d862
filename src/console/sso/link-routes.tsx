import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import type { Domains } from '../../sso/domains.js';
import type { SetupLinks } from '../../sso/setup-links.js';
import { param, type PageContext } from '../kit/context.js';
import { readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { DomainsPage, RemoveDomainPage } from './domains.js';
import { LinksPage, NewLinkPage } from './links.js';

export interface SetupLinkDeps {
  readonly setupLinks: Pick<SetupLinks, 'create' | 'list' | 'revoke'>;
  readonly domains: Domains;
}

/** Setup links and domains. */
export function addSetupLinks(pages: Pages, deps: SetupLinkDeps): void {
  const links = (context: PageContext) => showLinks(deps, context);
  const domains = (context: PageContext) => showDomains(deps, context);
  pages.get('/sso/links', 'access:read', links);
  pages.post('/sso/links', 'sso:write', (context) => createLink(deps, context), links);
  pages.post(
    '/sso/links/:id/revoke',
    'sso:write',
    async (context) => {
      await deps.setupLinks.revoke(context.session.tenantId, param(context, 'id'), context.actor);
      return redirect(paths.sso('/links'), 'link-revoked');
    },
    links,
  );
  pages.get('/sso/domains', 'access:read', domains);
  pages.post('/sso/domains', 'sso:write', (context) => claim(deps, context), domains);
  pages.post('/sso/domains/:domain/verify', 'sso:write', (context) => verify(deps, context), domains);
  const askToRemove = (context: PageContext) => showRemoval(deps, context);
  pages.get('/sso/domains/:domain/remove', 'sso:write', askToRemove);
  pages.post('/sso/domains/:domain/remove', 'sso:write', (context) => remove(deps, context), askToRemove);
}

async function showLinks({ setupLinks }: SetupLinkDeps, context: PageContext): Promise<Result> {
  const links = await setupLinks.list(context.session.tenantId);
  return page('Setup links', <LinksPage context={context} links={links} />);
}

const linkForm = z.object({
  label: z.string().trim().min(1, 'Say whom it is for.').max(200),
  to: z.string().trim().max(254).optional(),
  days: z
    .string()
    .trim()
    .regex(/^[1-9]\d?$/, 'Give whole days from 1 to 30.'),
});

async function createLink({ setupLinks }: SetupLinkDeps, context: PageContext): Promise<Result> {
  const { label, to = '', days } = readForm(context.request, linkForm);
  const { session, actor, now } = context;
  const { url, link } = await setupLinks.create({
    tenantId: session.tenantId,
    label,
    ...(to === '' ? {} : { to }),
    days: Number(days),
    actor,
  });
  return page('A new setup link', <NewLinkPage url={url} link={link} now={now} />);
}

async function showDomains({ domains }: SetupLinkDeps, context: PageContext): Promise<Result> {
  const found = await domains.list(context.session.tenantId);
  return page('Domains', <DomainsPage context={context} domains={found} />);
}

async function showRemoval({ domains }: SetupLinkDeps, context: PageContext): Promise<Result> {
  const asked = param(context, 'domain');
  const domain = (await domains.list(context.session.tenantId)).find((one) => one.domain === asked);
  if (domain === undefined) throw new AppError('notFound', 'There is no such domain.');
  return page(`Remove ${asked}`, <RemoveDomainPage context={context} domain={domain} />);
}

const removalForm = z.object({ typed: z.string().optional() });

async function remove({ domains }: SetupLinkDeps, context: PageContext): Promise<Result> {
  const { typed = null } = readForm(context.request, removalForm);
  await domains.remove(context.session.tenantId, param(context, 'domain'), context.actor, typed);
  return redirect(paths.sso('/domains'), 'domain-removed');
}

const domainForm = z.object({ domain: z.string() });

async function claim({ domains }: SetupLinkDeps, context: PageContext): Promise<Result> {
  const { domain } = readForm(context.request, domainForm);
  await domains.claim(context.session.tenantId, domain, context.actor);
  return redirect(paths.sso('/domains'), 'domain-added');
}

async function verify({ domains }: SetupLinkDeps, context: PageContext): Promise<Result> {
  const view = await domains.verify(context.session.tenantId, param(context, 'domain'), context.actor);
  const isThere = view.verifiedAt !== null && view.lostAt === null;
  return redirect(paths.sso('/domains'), isThere ? 'domain-proven' : 'domain-missing');
}
