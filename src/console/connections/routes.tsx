import type { ConnectionView } from '../../sso/connection-view.js';
import type { Team } from '../../sso/team.js';
import type { Tokens } from '../../tenancy/tokens.js';
import type { PageContext } from '../kit/context.js';
import { readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { NewSecretPage } from '../parts/new-secret.js';
import { expiryOf, newTokenForm } from '../parts/new-token-form.js';
import { addRevokeFlow } from '../parts/revoke-token.js';
import { paths } from '../paths.js';
import { ConnectionsPage } from './connections.js';

export interface ConnectionsDeps {
  readonly tokens: Tokens;
  readonly team: Pick<Team, 'members'>;
  readonly scimBaseUrl: string;
  readonly listConnections: (tenant: {
    readonly id: string;
    readonly slug: string;
  }) => Promise<readonly ConnectionView[]>;
}

const BACK = { href: paths.connections(), label: 'SSO and SCIM' } as const;

export function addConnections(pages: Pages, deps: ConnectionsDeps): void {
  pages.get('/connections', 'read', (context) => showConnections(deps, context));
  pages.post(
    '/connections/tokens',
    'scim:write',
    (context) => createToken(deps, context),
    (context) => showConnections(deps, context),
  );
  addRevokeFlow(pages, {
    tokens: deps.tokens,
    kind: 'scim',
    permission: 'scim:write',
    path: '/connections/tokens',
    back: BACK,
  });
}

async function showConnections(deps: ConnectionsDeps, context: PageContext): Promise<Result> {
  const { tenantId: id, tenantSlug: slug } = context.session;
  const [tokens, connections, members] = await Promise.all([
    deps.tokens.list(id, 'scim'),
    deps.listConnections({ id, slug }),
    deps.team.members(id),
  ]);
  const localOwners = members.filter(({ kind }) => kind === 'local').length;
  const shown = { context, scimBaseUrl: deps.scimBaseUrl, tokens, connections, localOwners };
  return page('SSO and SCIM', <ConnectionsPage {...shown} />);
}

async function createToken({ tokens, scimBaseUrl }: ConnectionsDeps, context: PageContext): Promise<Result> {
  const form = readForm(context.request, newTokenForm);
  const { token } = await tokens.create({
    tenantId: context.session.tenantId,
    kind: 'scim',
    name: form.name,
    expiresAt: expiryOf(form, context.now),
    actor: context.actor,
  });
  return page(
    'A new SCIM token',
    <NewSecretPage title="A new SCIM token" token={token} back={BACK}>
      <p>Base URL:</p>
      <code class="secret">{scimBaseUrl}</code>
    </NewSecretPage>,
  );
}
