import { PERMISSION_NAMES } from '../../administration/permissions.js';
import { AppError } from '../../domain/errors.js';
import type { Team } from '../../sso/team.js';
import type { Tokens } from '../../tenancy/tokens.js';
import type { PageContext } from '../kit/context.js';
import { formFields, readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { NewSecretPage } from '../parts/new-secret.js';
import { expiryOf, newTokenForm } from '../parts/new-token-form.js';
import { addRevokeFlow } from '../parts/revoke-token.js';
import { paths } from '../paths.js';
import { AccessPage } from './access.js';

export interface AccessDeps {
  readonly tokens: Tokens;
  readonly team: Pick<Team, 'members'>;
}

const BACK = { href: paths.access(), label: 'Team and access' } as const;

export function addAccess(pages: Pages, deps: AccessDeps): void {
  pages.get('/access', 'access:read', (context) => showAccess(deps, context));
  pages.post(
    '/access/tokens',
    'access:write',
    (context) => createToken(deps, context),
    (context) => showAccess(deps, context),
  );
  addRevokeFlow(pages, {
    tokens: deps.tokens,
    kind: 'admin',
    permission: 'access:write',
    path: '/access/tokens',
    back: BACK,
  });
}

async function showAccess(deps: AccessDeps, context: PageContext): Promise<Result> {
  const { tenantId } = context.session;
  const [users, tokens] = await Promise.all([
    deps.team.members(tenantId),
    deps.tokens.list(tenantId, 'admin'),
  ]);
  return page('Team and access', <AccessPage {...{ context, users, tokens }} />);
}

async function createToken({ tokens }: AccessDeps, context: PageContext): Promise<Result> {
  const form = readForm(context.request, newTokenForm);
  const sent = formFields(context.request);
  const scopes = PERMISSION_NAMES.filter((permission) => sent[`scope.${permission}`] === 'yes');
  if (scopes.length === 0) {
    throw new AppError('invalid', 'The token could do nothing. Choose at least one thing that it may do.');
  }
  const { token } = await tokens.create({
    tenantId: context.session.tenantId,
    kind: 'admin',
    name: form.name,
    scopes,
    expiresAt: expiryOf(form, context.now),
    actor: context.actor,
  });
  return page('A new API token', <NewSecretPage title="A new API token" token={token} back={BACK} />);
}
