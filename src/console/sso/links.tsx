import type { SetupLinkState, SetupLinkView } from '../../sso/setup-links.js';
import { SETUP_STEPS } from '../../sso/setup-ports.js';
import { can, type PageContext } from '../kit/context.js';
import { formFields } from '../kit/form.js';
import { Ago, formatDistance } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge, type Tone } from '../parts/badge.js';
import { Card, Empty, PageHead } from '../parts/blocks.js';
import { CopyValue } from '../parts/copy-value.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';

const STATES: Readonly<Record<SetupLinkState, { readonly label: string; readonly tone: Tone }>> = {
  open: { label: 'Open', tone: 'info' },
  completed: { label: 'Complete', tone: 'good' },
  expired: { label: 'Expired', tone: 'plain' },
  revoked: { label: 'Withdrawn', tone: 'plain' },
  usedUp: { label: 'Opened as often as allowed', tone: 'warn' },
};

/** Links by which an IT admin sets everything up alone, and how far each has come. */
export function LinksPage({
  context,
  links,
}: {
  readonly context: PageContext;
  readonly links: readonly SetupLinkView[];
}): Markup {
  return (
    <div>
      <PageHead
        title="Setup links"
        lead="Whoever holds the link connects the identity provider step by step, without an account here."
        crumbs={{ href: paths.connections(), label: 'SSO and SCIM' }}
      />
      <Card>
        {links.length === 0 ? (
          <Empty title="No setup link yet">
            <p>Make one and send it to whoever administers the identity provider.</p>
          </Empty>
        ) : (
          <ul class="rows">
            {links.map((link) => (
              <LinkLine link={link} context={context} />
            ))}
          </ul>
        )}
        {can(context, 'sso:write') ? <NewLinkForm context={context} /> : null}
      </Card>
    </div>
  );
}

function LinkLine({
  link,
  context,
}: {
  readonly link: SetupLinkView;
  readonly context: PageContext;
}): Markup {
  const { label, tone } = STATES[link.state];
  return (
    <li>
      <div class="grow">
        <p class="strong">{link.label}</p>
        {link.sentTo === null ? null : <p class="quiet small">Sent to {link.sentTo}</p>}
        <p class="quiet small">
          {String(link.progress.done.length)} of {String(SETUP_STEPS.length)} steps · opened{' '}
          {String(link.openedCount)} of {String(link.maxOpens)} times · made{' '}
          <Ago at={link.createdAt} now={context.now} />
          {link.state === 'open' ? ` · expires ${formatDistance(link.expiresAt, context.now)}` : ''}
        </p>
      </div>
      <span class="end">
        <Badge tone={tone}>{label}</Badge>
        {link.state === 'open' && can(context, 'sso:write') ? (
          <PostForm
            action={paths.sso(`/links/${encodeURIComponent(link.id)}/revoke`)}
            session={context.session}
          >
            <button class="button plain small" type="submit">
              Withdraw<span class="hidden"> {link.label}</span>
            </button>
          </PostForm>
        ) : null}
      </span>
    </li>
  );
}

function NewLinkForm({ context }: { readonly context: PageContext }): Markup {
  const sent = formFields(context.request);
  return (
    <div class="card-body">
      <hr />
      <PostForm action={paths.sso('/links')} session={context.session} class="confirm">
        <div class="field">
          <label for="label">Whom it is for</label>
          <input
            id="label"
            name="label"
            value={sent['label'] ?? ''}
            required
            maxlength="200"
            placeholder="IT of Acme"
            autocomplete="off"
          />
        </div>
        <div class="field">
          <label for="to">Send it to (e-mail, if you like)</label>
          <input
            id="to"
            name="to"
            type="email"
            value={sent['to'] ?? ''}
            maxlength="254"
            placeholder="it@example.com"
            autocomplete="off"
          />
        </div>
        <div class="field">
          <label for="days">Good for days</label>
          <input id="days" name="days" inputmode="numeric" value={sent['days'] ?? '5'} autocomplete="off" />
        </div>
        <button class="button" type="submit">
          Make a setup link
        </button>
      </PostForm>
    </div>
  );
}

/** The address, shown this once. */
export function NewLinkPage({
  url,
  link,
  now,
}: {
  readonly url: string;
  readonly link: SetupLinkView;
  readonly now: Date;
}): Markup {
  return (
    <div>
      <PageHead title="A new setup link" crumbs={{ href: paths.sso('/links'), label: 'Setup links' }} />
      <Card>
        <div class="card-body stack">
          <p class="notice warn">
            {link.sentTo === null
              ? 'Copy the address now: it cannot be shown again. '
              : `It is on its way to ${link.sentTo}. Copy it if you need it elsewhere: it cannot be shown again. `}
            Whoever has it can set up single sign-on for this organisation, roles included, so send it to that
            person only.
          </p>
          <CopyValue id="setup-link" label="the address" value={url} />
          <p class="quiet">
            For {link.label}. It expires {formatDistance(link.expiresAt, now)} and can be opened{' '}
            {String(link.maxOpens)} times.
          </p>
          <p>
            <a class="button" href={paths.sso('/links')}>
              {link.sentTo === null ? 'I have copied it' : 'Back to the links'}
            </a>
          </p>
        </div>
      </Card>
    </div>
  );
}
