import type { ConnectionView } from '../../sso/connection-view.js';
import type { ApiToken } from '../../tenancy/ports.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, Empty, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { TokenState } from '../parts/token-state.js';
import { paths } from '../paths.js';
import { SsoCard } from '../sso/sso-card.js';

export interface ConnectionsShown {
  readonly context: PageContext;
  readonly scimBaseUrl: string;
  readonly tokens: readonly ApiToken[];
  readonly connections: readonly ConnectionView[];
  /** How many break-glass owners there are. */
  readonly localOwners: number;
}

/** How the identity provider reaches us: the SCIM address with its tokens, and the SSO connections. */
export function ConnectionsPage(shown: ConnectionsShown): Markup {
  return (
    <div>
      <PageHead
        title="SSO and SCIM"
        lead="SCIM brings people and groups; SSO lets them sign in to this console."
      />
      <div class="stack">
        <ScimCard {...shown} />
        <SsoCard {...shown} />
      </div>
    </div>
  );
}

function ScimCard({ context, scimBaseUrl, tokens }: ConnectionsShown): Markup {
  const canWrite = can(context, 'scim:write');
  return (
    <Card
      title="SCIM"
      aside={
        <span class="row">
          <a href={paths.connections('/clients')}>OAuth clients</a>
          {can(context, 'scim:read') ? <a href={paths.connections('/requests')}>Recent requests</a> : null}
        </span>
      }
    >
      <div class="card-body stack-s">
        <p>Base URL for the identity provider:</p>
        <code class="secret">{scimBaseUrl}</code>
      </div>
      {tokens.length === 0 ? (
        <Empty title="No token yet">
          <p>The identity provider sends a token with every request. Create one and paste it there.</p>
        </Empty>
      ) : (
        <ul class="rows">
          {tokens.map((token) => (
            <TokenLine context={context} token={token} />
          ))}
        </ul>
      )}
      {canWrite ? <NewTokenForm context={context} /> : null}
    </Card>
  );
}

function TokenLine({ context, token }: { readonly context: PageContext; readonly token: ApiToken }): Markup {
  const isLive = token.revokedAt === null;
  return (
    <li>
      <div class="grow">
        <p class="strong">{token.name}</p>
        <p class="quiet small">
          <code>{token.hint}</code> ·{' '}
          {token.lastUsedAt === null ? (
            'never used'
          ) : (
            <span>
              last used <Ago at={token.lastUsedAt} now={context.now} />
            </span>
          )}
        </p>
      </div>
      <span class="end">
        <TokenState token={token} now={context.now} />
        {isLive && can(context, 'scim:write') ? (
          <a
            class="button plain small"
            href={paths.connections(`/tokens/${encodeURIComponent(token.id)}/revoke`)}
          >
            Revoke<span class="hidden"> {token.name}</span>
          </a>
        ) : null}
      </span>
    </li>
  );
}

function NewTokenForm({ context }: { readonly context: PageContext }): Markup {
  return (
    <div class="card-body">
      <hr />
      <PostForm action={paths.connections('/tokens')} session={context.session} class="confirm">
        <div class="field">
          <label for="name">What the token is for</label>
          <input id="name" name="name" required maxlength="80" placeholder="Okta" autocomplete="off" />
        </div>
        <div class="field">
          <label for="days">Valid for days</label>
          <input
            id="days"
            name="days"
            inputmode="numeric"
            placeholder="Until it is revoked"
            autocomplete="off"
          />
        </div>
        <button class="button" type="submit">
          Create a token
        </button>
      </PostForm>
      <p class="quiet small">Two can be valid at a time, so that one replaces the other without a gap.</p>
    </div>
  );
}
