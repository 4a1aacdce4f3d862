import type { OAuthClient, OAuthClientSecret } from '../../tenancy/oauth/ports.js';
import { can, type PageContext } from '../kit/context.js';
import { Day, formatSpan, Moment } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { TypedConfirmation } from '../parts/typed-confirmation.js';
import { paths } from '../paths.js';
import { clientPath, isValid } from './client-path.js';
import { FederationCard } from './federation.js';

export interface ClientShown {
  readonly context: PageContext;
  readonly client: OAuthClient;
  readonly secrets: readonly OAuthClientSecret[];
  readonly tokenEndpoint: string;
}

/** One client: what to enter in the identity provider, its secrets, and whom it trusts. */
export function ClientPage(shown: ClientShown): Markup {
  const { context, client } = shown;
  const canChange = can(context, 'scim:write') && client.revokedAt === null;
  return (
    <div>
      <PageHead title={client.name} crumbs={{ href: paths.connections('/clients'), label: 'OAuth clients' }}>
        {client.revokedAt === null ? <Badge tone="good">In use</Badge> : <Badge>Revoked</Badge>}
      </PageHead>
      <div class="stack">
        <Facts {...shown} />
        <SecretsCard {...shown} canChange={canChange} />
        {canChange || client.federation !== null ? (
          <FederationCard context={context} client={client} canChange={canChange} />
        ) : null}
        {canChange ? (
          <Card title="Revoke this client">
            <div class="card-body stack-s">
              <p class="quiet">Its secrets and access tokens stop working at once, for good.</p>
              <TypedConfirmation
                action={clientPath(client, '/revoke')}
                session={context.session}
                word={client.name}
                button="Revoke the client"
              />
            </div>
          </Card>
        ) : null}
      </div>
    </div>
  );
}

function Facts({ client, tokenEndpoint }: ClientShown): Markup {
  return (
    <Card>
      <dl class="pairs card-body">
        <dt>Client id</dt>
        <dd>
          <code>{client.clientId}</code>
        </dd>
        <dt>Token endpoint</dt>
        <dd>
          <code>{tokenEndpoint}</code>
        </dd>
        <dt>Access tokens live</dt>
        <dd>{formatSpan(client.accessTokenSeconds * 1_000)}</dd>
        <dt>Created</dt>
        <dd>
          <Moment at={client.createdAt} />
        </dd>
      </dl>
    </Card>
  );
}

function SecretsCard({
  context,
  client,
  secrets,
  canChange,
}: ClientShown & { readonly canChange: boolean }): Markup {
  return (
    <Card title="Secrets">
      {secrets.length === 0 ? (
        <Empty title="No secret">
          <p>Add one and paste it into the identity provider, or let a federation prove who it is.</p>
        </Empty>
      ) : (
        <ul class="rows">
          {secrets.map((secret) => (
            <SecretLine {...{ context, client, secret, canChange }} />
          ))}
        </ul>
      )}
      {canChange ? (
        <div class="card-body">
          <hr />
          <PostForm action={clientPath(client, '/secrets')} session={context.session} class="confirm">
            <div class="field">
              <label for="days">Valid for days</label>
              <input id="days" name="days" inputmode="numeric" value="365" required autocomplete="off" />
            </div>
            <button class="button" type="submit">
              Add a secret
            </button>
          </PostForm>
        </div>
      ) : null}
    </Card>
  );
}

function SecretLine({
  context,
  client,
  secret,
  canChange,
}: Pick<ClientShown, 'context' | 'client'> & {
  readonly secret: OAuthClientSecret;
  readonly canChange: boolean;
}): Markup {
  const isGood = isValid(secret, context.now);
  return (
    <li>
      <div class="grow">
        <p class="strong">
          <code>{secret.hint}</code>
        </p>
        <p class="quiet small">
          until <Day at={secret.expiresAt} />
        </p>
      </div>
      <span class="end">
        {secret.revokedAt !== null ? (
          <Badge>Revoked</Badge>
        ) : (
          <Badge tone={isGood ? 'good' : 'bad'}>{isGood ? 'Valid' : 'Expired'}</Badge>
        )}
        {canChange && isGood ? (
          <PostForm
            action={clientPath(client, `/secrets/${encodeURIComponent(secret.id)}/revoke`)}
            session={context.session}
          >
            <button class="button plain small" type="submit">
              Revoke<span class="hidden"> {secret.hint}</span>
            </button>
          </PostForm>
        ) : null}
      </span>
    </li>
  );
}
