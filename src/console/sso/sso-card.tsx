import type { ConnectionView } from '../../sso/connection-view.js';
import { can, type PageContext } from '../kit/context.js';
import { Day, formatCount } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge, type Tone } from '../parts/badge.js';
import { Card, Empty } from '../parts/blocks.js';
import { paths } from '../paths.js';

const STATE_WORDS: Readonly<
  Record<ConnectionView['state'], { readonly label: string; readonly tone: Tone }>
> = {
  active: { label: 'Active', tone: 'good' },
  draft: { label: 'Draft: test sign-ins only', tone: 'warn' },
  disabled: { label: 'Switched off', tone: 'plain' },
};

/** The SSO connections, and the ways to whatever belongs to them. */
export function SsoCard({
  connections,
  localOwners,
  context,
}: {
  readonly connections: readonly ConnectionView[];
  readonly localOwners: number;
  readonly context: PageContext;
}): Markup {
  const mayLook = can(context, 'access:read');
  return (
    <Card
      title="Single sign-on"
      aside={
        mayLook ? (
          <span class="row">
            <a href={paths.sso('/links')}>Setup links</a>
            <a href={paths.sso('/domains')}>Domains</a>
            <a href={paths.sso('/traces')}>Refused sign-ins</a>
          </span>
        ) : null
      }
    >
      {connections.length === 0 ? (
        <Empty title="No SSO connection yet">
          <p>
            With SAML, people sign in to this console through your identity provider. A setup link lets your
            IT admin connect it alone, step by step.
          </p>
          {can(context, 'sso:write') ? (
            <a class="button" href={paths.sso('/links')}>
              Make a setup link
            </a>
          ) : null}
        </Empty>
      ) : (
        <ul class="rows">
          {connections.map((connection) => (
            <ConnectionLine connection={connection} context={context} />
          ))}
        </ul>
      )}
      {connections.some(({ state }) => state === 'active') ? <Enforcement localOwners={localOwners} /> : null}
      {can(context, 'sso:write') ? (
        <div class="card-body">
          <a class="button plain small" href={paths.sso('/new')}>
            Add a connection by hand
          </a>
        </div>
      ) : null}
    </Card>
  );
}

/** There are no passwords but those of break-glass owners, so there is nothing to switch on. */
function Enforcement({ localOwners }: { readonly localOwners: number }): Markup {
  if (localOwners === 0) {
    return (
      <div class="card-body">
        <p class="notice warn">
          Single sign-on is the only way in, so nobody gets in while your identity provider is down. Have
          whoever runs this service make a break-glass owner with <code>patchbay console owner</code>.
        </p>
      </div>
    );
  }
  return (
    <div class="card-body">
      <p class="quiet small">
        Single sign-on is enforced: nobody has a password here but{' '}
        {formatCount(localOwners, 'break-glass owner', 'break-glass owners')} (under Team and access), with
        two factors. Every use is told by e-mail.
      </p>
    </div>
  );
}

export function ConnectionState({ state }: Pick<ConnectionView, 'state'>): Markup {
  const { label, tone } = STATE_WORDS[state];
  return <Badge tone={tone}>{label}</Badge>;
}

function ConnectionLine({
  connection,
  context,
}: {
  readonly connection: ConnectionView;
  readonly context: PageContext;
}): Markup {
  const { now } = context;
  return (
    <li>
      <div class="grow">
        <p class="strong">
          {can(context, 'access:read') ? (
            <a class="cover" href={paths.ssoConnection(connection.name)}>
              {connection.label}
            </a>
          ) : (
            connection.label
          )}
        </p>
        <p class="quiet small">
          {connection.idp?.entityId ?? 'The identity provider’s side is not known yet'}
        </p>
        {connection.warnings.map(({ notAfter }) => (
          <p class="small">
            <Badge tone={notAfter <= now ? 'bad' : 'warn'}>Certificate</Badge> the identity provider’s
            certificate {notAfter <= now ? 'ran out' : 'runs out'} <Day at={notAfter} />
          </p>
        ))}
        {connection.metadata.problem === null ? null : <p class="small">{connection.metadata.problem}</p>}
      </div>
      <ConnectionState state={connection.state} />
    </li>
  );
}
