import { DESTINATION_KINDS, type Destination, type ListedDelivery } from '../../report/delivery/ports.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago } from '../kit/format.js';
import { formFields } from '../kit/form.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Cell, Empty, PageHead, Table, TableRow } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';

export interface DestinationsShown {
  readonly context: PageContext;
  readonly destinations: readonly Destination[];
  /** Newest first. */
  readonly deliveries: readonly ListedDelivery[];
  readonly hasMailServer: boolean;
}

const HEAD = {
  title: 'Who gets reports',
  lead: 'On a schedule: by e-mail, as a signed webhook, or into a chat. Quiet when nothing changed, unless you want it otherwise.',
  crumbs: { href: paths.reports(), label: 'Reports' },
} as const;

/** Destinations of reports, a form for another one, and what became of the last reports that were sent. */
export function DestinationsPage(shown: DestinationsShown): Markup {
  const { context, destinations, deliveries } = shown;
  return (
    <div>
      <PageHead {...HEAD} />
      <div class="stack">
        <MailWarning {...shown} />
        <Card title="On a schedule">
          {destinations.length === 0 ? (
            <Empty title="Nobody yet">
              <p>Reports are made here at any time; nobody is sent one by itself.</p>
            </Empty>
          ) : (
            <ul class="rows">
              {destinations.map((one) => (
                <DestinationLine
                  destination={one}
                  context={context}
                  last={deliveries.find(({ destinationId }) => destinationId === one.id) ?? null}
                />
              ))}
            </ul>
          )}
        </Card>
        {can(context, 'notifications:write') ? <NewDestination context={context} /> : null}
        <Deliveries {...shown} />
      </div>
    </div>
  );
}

function MailWarning({ destinations, hasMailServer }: DestinationsShown): Markup | null {
  if (hasMailServer || !destinations.some(({ kind }) => kind === 'email')) return null;
  return (
    <div class="notice warn">
      <p class="strong">No mail server is configured</p>
      <p>
        Reports by e-mail are kept for three days and not sent. Whoever runs Patchbay sets{' '}
        <code>SMTP_URL</code> and <code>MAIL_FROM</code>.
      </p>
    </div>
  );
}

const KIND_WORDS: Readonly<Record<Destination['kind'], string>> = {
  email: 'E-mail',
  webhook: 'Signed webhook',
  slack: 'Slack-compatible chat',
};

function DestinationLine({
  destination,
  context,
  last,
}: {
  readonly destination: Destination;
  readonly context: PageContext;
  readonly last: ListedDelivery | null;
}): Markup {
  const { id, name, kind, config, cron, timeZone, quietWhenUnchanged, isActive } = destination;
  const button = (verb: string, label: string): Markup => (
    <PostForm action={paths.reportDestination(id, `/${verb}`)} session={context.session}>
      <button class="button plain small" type="submit">
        {label}
        <span class="hidden"> {name}</span>
      </button>
    </PostForm>
  );
  return (
    <li>
      <div class="grow">
        <p class="strong">{name}</p>
        <p class="small">
          {KIND_WORDS[kind]} to {config.url ?? (config.recipients ?? ['the contacts for reports']).join(', ')}
        </p>
        <p class="quiet small">
          <code>{cron}</code> ({timeZone}) ·{' '}
          {quietWhenUnchanged ? 'only when something changed' : 'every time'} ·{' '}
          {last === null ? 'nothing sent yet' : <Fate delivery={last} context={context} />}
        </p>
        {last?.lastError === null || last === null ? null : <p class="small">{last.lastError}</p>}
      </div>
      <span class="end">
        {isActive ? <Badge tone="good">Active</Badge> : <Badge tone="warn">Paused</Badge>}
        {can(context, 'notifications:write') ? (
          <span class="row">
            {button('send', 'Send one now')}
            {isActive ? button('pause', 'Pause') : button('resume', 'Resume')}
            {button('remove', 'Remove')}
          </span>
        ) : null}
      </span>
    </li>
  );
}

function Fate({
  delivery: { state, sentAt, dueAt, attempts },
  context,
}: {
  readonly delivery: ListedDelivery;
  readonly context: PageContext;
}): Markup {
  if (state === 'sent')
    return (
      <span>
        sent <Ago at={sentAt ?? dueAt} now={context.now} />
      </span>
    );
  if (state === 'failed') return <span>given up after {attempts} tries</span>;
  if (attempts === 0) return <span>about to be sent</span>;
  return (
    <span>
      tried {attempts} times, again <Ago at={dueAt} now={context.now} />
    </span>
  );
}

function NewDestination({ context }: { readonly context: PageContext }): Markup {
  const sent = formFields(context.request);
  const isOpen = context.problem !== null;
  return (
    <Card title="Send reports to somebody else">
      <div class="card-body">
        <details open={isOpen}>
          <summary>Add a destination</summary>
          <PostForm action={paths.reportDestinations()} session={context.session} class="stack">
            <div class="fields wide">
              <Field name="name" label="Name, such as weekly" value={sent['name'] ?? ''} required />
              <div class="field">
                <label for="kind">How</label>
                <select id="kind" name="kind">
                  {DESTINATION_KINDS.map((kind) => (
                    <option value={kind} selected={kind === sent['kind']}>
                      {KIND_WORDS[kind]}
                    </option>
                  ))}
                </select>
              </div>
              <div class="field">
                <label for="targets">To</label>
                <textarea id="targets" name="targets" rows="3" aria-describedby="targets-hint">
                  {`\n${sent['targets'] ?? ''}`}
                </textarea>
                <p class="hint" id="targets-hint">
                  E-mail: one address a line; none: the contacts for reports. Webhook and chat: one address
                  that begins with https://.
                </p>
              </div>
              <Field
                name="cron"
                label="When"
                value={sent['cron'] ?? '0 7 * * 1'}
                hint="Minute, hour, day of month, month, day of week: 0 7 * * 1 is Mondays at seven"
                required
              />
              <Field
                name="timeZone"
                label="Time zone of the schedule and of the report"
                value={sent['timeZone'] ?? 'UTC'}
                required
              />
            </div>
            <label class="choice">
              <input type="checkbox" name="always" value="yes" checked={sent['always'] === 'yes'} />
              <span>Also when nothing changed</span>
            </label>
            <div>
              <button class="button" type="submit">
                Add it
              </button>
            </div>
          </PostForm>
        </details>
      </div>
    </Card>
  );
}

function Field({
  name,
  label,
  value,
  hint,
  required = false,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly required?: boolean;
}): Markup {
  const hintId = hint === undefined ? undefined : `${name}-hint`;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        value={value}
        required={required}
        maxlength="100"
        autocomplete="off"
        aria-describedby={hintId}
      />
      {hint === undefined ? null : (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  );
}

function Deliveries({ context, destinations, deliveries }: DestinationsShown): Markup | null {
  if (deliveries.length === 0) return null;
  const names = new Map(destinations.map(({ id, name }) => [id, name]));
  return (
    <Card title="The last ones">
      <Table label="Reports that were sent" head={['Made', 'To', 'What became of it', 'Report']}>
        {deliveries.map((one) => (
          <TableRow>
            <Cell>
              <Ago at={one.createdAt} now={context.now} />
            </Cell>
            <Cell>{names.get(one.destinationId) ?? ''}</Cell>
            <Cell>
              <Fate delivery={one} context={context} />
              {one.lastError === null ? null : <span class="block small">{one.lastError}</span>}
            </Cell>
            <Cell>
              <a href={paths.report(one.reportId)}>Open</a>
            </Cell>
          </TableRow>
        ))}
      </Table>
    </Card>
  );
}

/** What a receiver checks signatures with: shown this once. */
export function WebhookSecretPage({
  name,
  secret,
}: {
  readonly name: string;
  readonly secret: string;
}): Markup {
  return (
    <div>
      <PageHead
        title={`“${name}” gets reports`}
        crumbs={{ href: paths.reportDestinations(), label: HEAD.title }}
      />
      <Card>
        <div class="card-body stack">
          <p class="notice warn">
            Copy the secret now: it is stored encrypted and not shown again. The receiver checks every
            signature with it.
          </p>
          <code class="secret" id="token">
            {secret}
          </code>
          <p class="quiet">
            Each request carries <code>webhook-id</code>, <code>webhook-timestamp</code> and{' '}
            <code>webhook-signature</code>, as Standard Webhooks says. Refuse a timestamp more than five
            minutes off, and an id that came before.
          </p>
          <p>
            <a class="button" href={paths.reportDestinations()}>
              I have copied it
            </a>
          </p>
        </div>
      </Card>
    </div>
  );
}
