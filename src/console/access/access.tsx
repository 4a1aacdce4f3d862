import { PERMISSION_NAMES, PERMISSION_WORDS } from '../../administration/permissions.js';
import type { TeamMember } from '../../sso/team-ports.js';
import type { ApiToken } from '../../tenancy/ports.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago, formatCount } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { TokenState } from '../parts/token-state.js';
import { paths } from '../paths.js';
import { memberPath } from './member.js';
import { ROLE_WORDS } from './role-words.js';

export interface AccessShown {
  readonly context: PageContext;
  readonly users: readonly TeamMember[];
  readonly tokens: readonly ApiToken[];
}

/** Who may do what here: people of the console and tokens of the API. */
export function AccessPage(shown: AccessShown): Markup {
  return (
    <div>
      <PageHead
        title="Team and access"
        lead="People get their role from the identity provider at every sign-in, unless an owner chose one here. Scripts use tokens."
      />
      <div class="stack">
        <TeamCard {...shown} />
        <TokensCard {...shown} />
      </div>
    </div>
  );
}

function TeamCard({ users, context }: AccessShown): Markup {
  return (
    <Card title="People">
      {users.length === 0 ? (
        <Empty title="Nobody has signed in yet">
          <p>People appear here when they sign in for the first time.</p>
        </Empty>
      ) : (
        <ul class="rows">
          {users.map((user) => (
            <UserLine user={user} context={context} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function UserLine({ user, context }: { readonly user: TeamMember; readonly context: PageContext }): Markup {
  return (
    <li>
      <div class="grow">
        <p>
          <a class="cover" href={memberPath(user)}>
            {user.displayName}
          </a>{' '}
          {user.id === context.session.userId ? <span class="quiet">(you)</span> : null}
        </p>
        <p class="quiet small">
          {user.email === null ? '' : `${user.email} · `}
          {user.lastLoginAt === null ? (
            'never signed in'
          ) : (
            <span>
              last signed in <Ago at={user.lastLoginAt} now={context.now} />
            </span>
          )}
        </p>
      </div>
      <span class="end">
        {user.kind === 'local' ? <Badge tone="warn">Break-glass</Badge> : null}
        {user.sessions === 0 ? null : (
          <Badge tone="good">{formatCount(user.sessions, 'session', 'sessions')}</Badge>
        )}
        {user.pinnedRole === null ? null : <Badge>Chosen here</Badge>}
        <Badge tone={user.role === null ? 'plain' : 'info'}>{ROLE_WORDS[user.role ?? 'none'].label}</Badge>
      </span>
    </li>
  );
}

function TokensCard({ tokens, context }: AccessShown): Markup {
  const canWrite = can(context, 'access:write');
  return (
    <Card title="API tokens">
      {tokens.length === 0 ? (
        <Empty title="No API token">
          <p>
            Everything on these pages can be scripted: the description of the API is at{' '}
            <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.
          </p>
        </Empty>
      ) : (
        <ul class="rows">
          {tokens.map((token) => (
            <li>
              <div class="grow">
                <p class="strong">{token.name}</p>
                <p class="quiet small">
                  <code>{token.hint}</code> · {token.scopes.join(', ')}
                </p>
              </div>
              <span class="end">
                <TokenState token={token} now={context.now} />
                {canWrite && token.revokedAt === null ? (
                  <a
                    class="button plain small"
                    href={paths.access(`/tokens/${encodeURIComponent(token.id)}/revoke`)}
                  >
                    Revoke<span class="hidden"> {token.name}</span>
                  </a>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      )}
      {canWrite ? <NewTokenForm context={context} /> : null}
    </Card>
  );
}

function NewTokenForm({ context }: { readonly context: PageContext }): Markup {
  return (
    <div class="card-body">
      <hr />
      <details>
        <summary>Create an API token</summary>
        <PostForm action={paths.access('/tokens')} session={context.session} class="stack">
          <div class="fields wide">
            <div class="field">
              <label for="name">What the token is for</label>
              <input id="name" name="name" required maxlength="80" autocomplete="off" />
            </div>
            <div class="field">
              <label for="days">Valid for days</label>
              <input id="days" name="days" inputmode="numeric" value="90" autocomplete="off" />
            </div>
          </div>
          <fieldset>
            <legend>What it may do</legend>
            {PERMISSION_NAMES.map((permission) => (
              <label class="choice">
                <input
                  type="checkbox"
                  name={`scope.${permission}`}
                  value="yes"
                  checked={permission === 'read'}
                />
                <span>
                  <code>{permission}</code> <span class="quiet small">{PERMISSION_WORDS[permission]}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <div>
            <button class="button" type="submit">
              Create the token
            </button>
          </div>
        </PostForm>
      </details>
    </div>
  );
}
