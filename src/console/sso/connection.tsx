import type { CertificateInfo } from '../../sso/saml/certificates.js';
import type { ConnectionView } from '../../sso/connection-view.js';
import { IDP_WORDS } from '../../sso/idp-words.js';
import type { Trace } from '../../sso/trace.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago, Day } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead } from '../parts/blocks.js';
import { CopyValue } from '../parts/copy-value.js';
import { PostForm } from '../parts/post-form.js';
import { TypedConfirmation } from '../parts/typed-confirmation.js';
import { TraceView } from '../parts/trace-view.js';
import { paths } from '../paths.js';
import { RolesCard, SettingsCard, SourceCard } from './forms.js';
import { ConnectionState } from './sso-card.js';
import { TraceRows } from './traces.js';

export interface ConnectionShown {
  readonly context: PageContext;
  readonly connection: ConnectionView;
  readonly traces: readonly Trace[];
  /** The test that has just come back; null: none. */
  readonly tested: Trace | null;
}

/** One SSO connection: where it stands, both sides, who gets in, and what was refused. */
export function ConnectionPage(shown: ConnectionShown): Markup {
  const { connection, context, traces, tested } = shown;
  const mayWrite = can(context, 'sso:write');
  return (
    <div>
      <PageHead
        title={connection.label}
        lead={leadOf(connection)}
        crumbs={{ href: paths.connections(), label: 'SSO and SCIM' }}
      >
        <ConnectionState state={connection.state} />
        <TestLink connection={connection} context={context} />
      </PageHead>
      <div class="stack">
        {tested === null ? null : <TraceView trace={tested} />}
        <CertificatesCard connection={connection} context={context} />
        {mayWrite ? <RolesCard connection={connection} context={context} /> : null}
        <OurSideCard connection={connection} />
        {mayWrite ? <SourceCard connection={connection} context={context} /> : null}
        {mayWrite ? <SettingsCard connection={connection} context={context} /> : null}
        <Card title="Newest tests and refused sign-ins">
          {traces.length === 0 ? (
            <Empty title="Nothing was refused" />
          ) : (
            <TraceRows traces={traces.slice(0, 10)} now={context.now} />
          )}
        </Card>
        {mayWrite ? <StateCard connection={connection} context={context} /> : null}
      </div>
    </div>
  );
}

function leadOf({ idpKind, idp }: ConnectionView): string {
  const kind = idpKind === 'generic' ? 'SAML 2.0' : IDP_WORDS[idpKind].name;
  return idp === null ? kind : `${kind} · ${idp.entityId}`;
}

function TestLink({ connection, context }: Pick<ConnectionShown, 'connection' | 'context'>): Markup | null {
  if (connection.idp === null || connection.state === 'disabled' || !can(context, 'access:read')) return null;
  const { loginUrl } = connection.serviceProvider;
  const back = encodeURIComponent(paths.ssoConnection(connection.name));
  return (
    <a class="button" href={`${loginUrl.replace(/\/login$/, '/test')}?returnTo=${back}`}>
      Test sign-in
    </a>
  );
}

function CertificatesCard({ connection, context }: Pick<ConnectionShown, 'connection' | 'context'>): Markup {
  const { idp, metadata } = connection;
  return (
    <Card title="Certificates of the identity provider">
      {idp === null ? (
        <Empty title="Not known yet">
          <p>Add the metadata of the identity provider below.</p>
        </Empty>
      ) : (
        <ul class="rows">
          {idp.certificates.map((certificate) => (
            <CertificateLine certificate={certificate} now={context.now} />
          ))}
        </ul>
      )}
      <div class="card-body stack-s">
        <p class="quiet small">
          {metadata.url === null ? (
            'The metadata was given by hand: new certificates have to be given here, too.'
          ) : (
            <span>
              Read every day from <span class="mono">{metadata.url}</span>
              {metadata.readAt === null ? null : (
                <span>
                  , last <Ago at={metadata.readAt} now={context.now} />
                </span>
              )}
              . Warnings come 60, 30 and 7 days ahead, by e-mail too.
            </span>
          )}
        </p>
        {metadata.problem === null ? null : <p class="notice warn">{metadata.problem}</p>}
        {metadata.url === null || !can(context, 'sso:write') ? null : (
          <PostForm action={paths.ssoConnection(connection.name, '/refresh')} session={context.session}>
            <button class="button plain small" type="submit">
              Read the metadata now
            </button>
          </PostForm>
        )}
      </div>
    </Card>
  );
}

const WARN_MS = 60 * 86_400_000;

function CertificateLine({
  certificate: { notAfter, notBefore, subject, fingerprint },
  now,
}: {
  readonly certificate: CertificateInfo;
  readonly now: Date;
}): Markup {
  const isOver = notAfter <= now;
  const isSoon = notAfter.getTime() - now.getTime() < WARN_MS;
  return (
    <li>
      <div class="grow">
        <p class="strong">{subject === '' ? 'Signing certificate' : subject}</p>
        <p class="quiet small mono">{fingerprint}</p>
      </div>
      <span class="end">
        <Badge tone={isOver ? 'bad' : notBefore > now || isSoon ? 'warn' : 'good'}>
          {isOver ? 'Ran out ' : notBefore > now ? 'Not valid yet, until ' : 'Valid until '}
          <Day at={notAfter} />
        </Badge>
      </span>
    </li>
  );
}

function OurSideCard({ connection: { serviceProvider } }: Pick<ConnectionShown, 'connection'>): Markup {
  const values = [
    ['ACS URL', serviceProvider.acsUrl],
    ['Entity ID', serviceProvider.entityId],
    ['Sign-on URL', serviceProvider.loginUrl],
    ['Single logout URL', serviceProvider.sloUrl],
    ['Metadata', serviceProvider.metadataUrl],
  ] as const;
  return (
    <Card title="To copy into the identity provider">
      <div class="card-body stack-s">
        {values.map(([name, value], index) => (
          <div class="field">
            <p class="label">{name}</p>
            <CopyValue id={`own-${String(index)}`} label={name} value={value} />
          </div>
        ))}
      </div>
    </Card>
  );
}

function StateCard({ connection, context }: Pick<ConnectionShown, 'connection' | 'context'>): Markup {
  const isActive = connection.state === 'active';
  return (
    <Card title={isActive ? 'Switch it off' : 'Switch it on'}>
      <div class="card-body stack-s">
        <p>
          {isActive
            ? 'Nobody can sign in with it any more, and whoever is signed in through it is signed out at once, you as well. Have another way in first: another connection, or a break-glass owner.'
            : 'People can sign in with it from then on. Run a test sign-in first.'}
        </p>
        {isActive ? (
          <TypedConfirmation
            action={paths.ssoConnection(connection.name, '/state')}
            session={context.session}
            word={connection.name}
            button="Switch it off"
          >
            <input type="hidden" name="state" value="disabled" />
          </TypedConfirmation>
        ) : null}
        <div class="row">
          {isActive ? null : (
            <PostForm action={paths.ssoConnection(connection.name, '/state')} session={context.session}>
              <input type="hidden" name="state" value="active" />
              <button class="button" type="submit">
                Switch it on
              </button>
            </PostForm>
          )}
          {connection.state !== 'draft' ? null : (
            <PostForm action={paths.ssoConnection(connection.name, '/remove')} session={context.session}>
              <button class="button plain" type="submit">
                Remove the draft
              </button>
            </PostForm>
          )}
        </div>
      </div>
    </Card>
  );
}
