import type { Destination, ListedDelivery } from '../../report/delivery/ports.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Cell, Empty, PageHead, Table, TableRow } from '../parts/blocks.js';
import { NewSecretPage } from '../parts/new-secret.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';
import { KIND_WORDS, NewDestination } from './destination-form.js';

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
    <NewSecretPage
      title={`“${name}” gets reports`}
      token={secret}
      warning="Copy the secret now: it is stored encrypted and not shown again. The receiver checks every signature with it."
      back={{ href: paths.reportDestinations(), label: HEAD.title }}
    >
      <p class="quiet">
        Each request carries <code>webhook-id</code>, <code>webhook-timestamp</code> and{' '}
        <code>webhook-signature</code>, as Standard Webhooks says. Refuse a timestamp more than five minutes
        off, and an id that came before.
      </p>
    </NewSecretPage>
  );
}
