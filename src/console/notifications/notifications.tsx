import {
  MAIL_KIND_LABELS,
  MAIL_KIND_WORDS,
  MAIL_KINDS,
  type ListedMail,
  type MailContact,
} from '../../mail/ports.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead, Pager, Tabs } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';

export interface NotificationsShown {
  readonly context: PageContext;
  readonly contacts: readonly MailContact[];
  readonly mails: { readonly rows: readonly ListedMail[]; readonly next: string | null };
  readonly state: ListedMail['state'] | null;
  readonly after: string | null;
  readonly hasMailServer: boolean;
}

/** Who is told of what by e-mail, and what became of each e-mail. */
export function NotificationsPage(shown: NotificationsShown): Markup {
  return (
    <div>
      <PageHead
        title="Notifications"
        lead="What needs somebody is told by e-mail: to the people chosen here, or else to the owners of the console."
      />
      <div class="stack">
        {shown.hasMailServer ? null : (
          <div class="notice warn">
            <p class="strong">No mail server is configured</p>
            <p>
              E-mails are kept for three days and not sent. Whoever runs Patchbay sets <code>SMTP_URL</code>{' '}
              and <code>MAIL_FROM</code>.
            </p>
          </div>
        )}
        <ContactsCard {...shown} />
        <MailsCard {...shown} />
      </div>
    </div>
  );
}

function ContactsCard({ context, contacts }: NotificationsShown): Markup {
  const canWrite = can(context, 'notifications:write');
  return (
    <Card title="Who is told">
      {contacts.length === 0 ? (
        <Empty title="Nobody is chosen">
          <p>The owners of the console are told of everything.</p>
        </Empty>
      ) : (
        <ul class="rows">
          {contacts.map((contact) => (
            <ContactLine contact={contact} context={context} canWrite={canWrite} />
          ))}
        </ul>
      )}
      {canWrite ? <ContactForm context={context} /> : null}
    </Card>
  );
}

function ContactLine({
  contact: { id, email, kinds },
  context,
  canWrite,
}: {
  readonly contact: MailContact;
  readonly context: PageContext;
  readonly canWrite: boolean;
}): Markup {
  return (
    <li>
      <div class="grow">
        <p class="strong">{email}</p>
        <p class="row">
          {kinds.length === 0 ? (
            <Badge tone="info">Everything</Badge>
          ) : (
            kinds.map((kind) => <Badge>{MAIL_KIND_LABELS[kind]}</Badge>)
          )}
        </p>
      </div>
      {canWrite ? (
        <span class="end">
          <PostForm action={paths.removeContact(id)} session={context.session}>
            <button class="button plain small" type="submit">
              Remove<span class="hidden"> {email}</span>
            </button>
          </PostForm>
        </span>
      ) : null}
    </li>
  );
}

function ContactForm({ context }: { readonly context: PageContext }): Markup {
  return (
    <div class="card-body">
      <hr />
      <details open={context.problem !== null}>
        <summary>Add or change a contact</summary>
        <PostForm action={paths.notificationContacts()} session={context.session} class="stack">
          <div class="fields">
            <div class="field">
              <label for="email">E-mail address, of a person or a distribution list</label>
              <input id="email" name="email" type="email" required maxlength="254" autocomplete="off" />
            </div>
          </div>
          <fieldset>
            <legend>What of? Nothing ticked means everything</legend>
            {MAIL_KINDS.map((kind) => (
              <label class="choice">
                <input type="checkbox" name={`kind.${kind}`} value="yes" />
                <span>
                  <span class="strong">{MAIL_KIND_LABELS[kind]}</span>
                  <br />
                  <span class="quiet small">{MAIL_KIND_WORDS[kind]}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <div>
            <button class="button" type="submit">
              Save the contact
            </button>
          </div>
        </PostForm>
      </details>
    </div>
  );
}

const STATE_TABS = [
  { label: 'All', state: null },
  { label: 'To be sent', state: 'due' },
  { label: 'Sent', state: 'sent' },
  { label: 'Failed', state: 'failed' },
] as const;

function MailsCard({ context, mails, state, after, hasMailServer }: NotificationsShown): Markup {
  const tabs = STATE_TABS.map((tab) => ({
    label: tab.label,
    href: paths.notifications({ state: tab.state }),
    isCurrent: tab.state === state,
  }));
  return (
    <Card title="E-mails of the last 90 days">
      <div class="card-tabs">
        <Tabs label="E-mails" tabs={tabs} />
      </div>
      {mails.rows.length === 0 ? (
        <Empty title="No such e-mail">
          <p>As soon as there is something to tell, it is listed here with what became of it.</p>
        </Empty>
      ) : (
        <ul class="rows">
          {mails.rows.map((mail) => (
            <MailLine mail={mail} now={context.now} hasMailServer={hasMailServer} />
          ))}
        </ul>
      )}
      <Pager
        first={after === null ? null : paths.notifications({ state })}
        next={mails.next === null ? null : paths.notifications({ state, after: mails.next })}
      />
    </Card>
  );
}

function MailLine({
  mail,
  now,
  hasMailServer,
}: {
  readonly mail: ListedMail;
  readonly now: Date;
  readonly hasMailServer: boolean;
}): Markup {
  return (
    <li>
      <div class="grow">
        <p class="strong">{mail.subject}</p>
        <p class="quiet small">
          {MAIL_KIND_LABELS[mail.kind]} ·{' '}
          {mail.recipients === null ? 'the contacts for it' : mail.recipients.join(', ')} ·{' '}
          <Ago at={mail.createdAt} now={now} />
        </p>
        {mail.lastError === null ? null : <p class="small">{mail.lastError}</p>}
      </div>
      <span class="end">
        <Fate mail={mail} hasMailServer={hasMailServer} />
      </span>
    </li>
  );
}

function Fate({
  mail: { state, attempts },
  hasMailServer,
}: {
  readonly mail: ListedMail;
  readonly hasMailServer: boolean;
}): Markup {
  if (state === 'sent') return <Badge tone="good">Sent</Badge>;
  if (state === 'failed') return <Badge tone="bad">Not sent</Badge>;
  if (!hasMailServer) return <Badge tone="warn">Not sent: no mail server configured</Badge>;
  return attempts === 0 ? (
    <Badge tone="info">To be sent</Badge>
  ) : (
    <Badge tone="warn">Tried {attempts} times</Badge>
  );
}
