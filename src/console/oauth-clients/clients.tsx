import type { ClientWithSecrets } from '../../tenancy/oauth/ports.js';
import { can, type PageContext } from '../kit/context.js';
import { formatCount } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';
import { clientPath, isValid } from './client-path.js';

export interface ClientsShown {
  readonly context: PageContext;
  readonly clients: readonly ClientWithSecrets[];
  readonly tokenEndpoint: string;
  readonly scimBaseUrl: string;
}

/** Identity providers that ask for short-lived access tokens instead of holding a static one. */
export function ClientsPage(shown: ClientsShown): Markup {
  const { context, clients, tokenEndpoint, scimBaseUrl } = shown;
  return (
    <div>
      <PageHead
        title="OAuth clients"
        lead="For identity providers that get short-lived access tokens instead of holding a SCIM token, by a secret or by workload identity federation."
        crumbs={{ href: paths.connections(), label: 'SSO and SCIM' }}
      />
      <div class="stack">
        <Card title="Addresses">
          <div class="card-body stack-s">
            <p>Token endpoint:</p>
            <code class="secret">{tokenEndpoint}</code>
            <p>SCIM base URL:</p>
            <code class="secret">{scimBaseUrl}</code>
          </div>
        </Card>
        <Card title="Clients">
          {clients.length === 0 ? (
            <Empty title="No client yet">
              <p>
                Entra calls it “OAuth 2.0 client credentials”. A SCIM token does the same work where the
                identity provider only knows tokens.
              </p>
            </Empty>
          ) : (
            <ul class="rows">
              {clients.map((one) => (
                <ClientLine one={one} context={context} />
              ))}
            </ul>
          )}
          {can(context, 'scim:write') ? <NewClientForm context={context} /> : null}
        </Card>
      </div>
    </div>
  );
}

function ClientLine({
  one: { client, secrets },
  context: { now },
}: {
  readonly one: ClientWithSecrets;
  readonly context: PageContext;
}): Markup {
  const valid = secrets.filter((secret) => isValid(secret, now)).length;
  return (
    <li>
      <div class="grow">
        <a class="cover" href={clientPath(client)}>
          {client.name}
        </a>
        <p class="quiet small">
          <code>{client.clientId}</code>
        </p>
      </div>
      <span class="end">
        {client.federation === null ? null : <Badge tone="info">Federation</Badge>}
        {client.revokedAt === null ? (
          <Badge tone={valid === 0 && client.federation === null ? 'warn' : 'good'}>
            {formatCount(valid, 'valid secret', 'valid secrets')}
          </Badge>
        ) : (
          <Badge>Revoked</Badge>
        )}
      </span>
    </li>
  );
}

function NewClientForm({ context }: { readonly context: PageContext }): Markup {
  return (
    <div class="card-body">
      <hr />
      <PostForm action={paths.connections('/clients')} session={context.session} class="confirm">
        <div class="field">
          <label for="name">Whose client it is</label>
          <input id="name" name="name" required maxlength="80" placeholder="Entra" autocomplete="off" />
        </div>
        <button class="button" type="submit">
          Create a client
        </button>
      </PostForm>
    </div>
  );
}
