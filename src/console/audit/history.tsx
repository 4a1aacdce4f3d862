import type { HoldingRow, JourneyRow } from '../../report/history/auditor.js';
import { JOURNEY_KINDS, STANDARD_SLA, type Sla } from '../../report/history/journeys.js';
import { formatCount, formatMoment, formatNumber, formatSpan, Moment } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Cell, Empty, PageHead, Table, TableRow } from '../parts/blocks.js';
import { eventWords } from '../parts/event-words.js';
import { paths } from '../paths.js';

/** The files hold all of them. */
const ROWS_SHOWN = 200;

const HEAD = { crumbs: { href: paths.audit(), label: 'Audit' } } as const;

/** Who held which entitlement at a moment, and why. */
export function EntitlementsPage({
  at,
  now,
  rows,
}: {
  readonly at: string;
  readonly now: Date;
  readonly rows: readonly HoldingRow[];
}): Markup {
  return (
    <div>
      <PageHead
        {...HEAD}
        title="Who held what"
        lead="At any past moment, with the reason: the rule and the group that wanted it, and the push before it. From the audit trail."
      />
      <div class="stack">
        <Card title="When?">
          <form class="toolbar card-body" method="get" action={paths.auditEntitlements()}>
            <MomentField name="at" label="Moment (UTC; empty: now)" value={at} />
            <button class="button" type="submit">
              Show
            </button>
          </form>
        </Card>
        <Card
          title={at === '' ? `Now, ${formatMoment(now)}` : `${at.replace('T', ' ')} UTC`}
          aside={
            <Files
              csv={paths.auditEntitlements('.csv', { at })}
              json={paths.auditEntitlements('.json', { at })}
              isAny={rows.length > 0}
            />
          }
        >
          {rows.length === 0 ? (
            <Empty title="Nobody held anything">
              <p>Patchbay had given nobody anything by then, or had taken all of it back.</p>
            </Empty>
          ) : (
            <HoldingTable rows={rows} />
          )}
        </Card>
      </div>
    </div>
  );
}

function HoldingTable({ rows }: { readonly rows: readonly HoldingRow[] }): Markup {
  return (
    <div>
      <Table label="Entitlements" head={['Person', 'Phone system', 'What', 'Since', 'Why']}>
        {rows.slice(0, ROWS_SHOWN).map((row) => (
          <TableRow>
            <Cell>
              <a href={paths.person(row.personId)}>{row.person === '' ? row.email : row.person}</a>
              {row.state === 'parked' ? <Badge tone="warn">parked</Badge> : null}
            </Cell>
            <Cell label="Phone system">{row.account}</Cell>
            <Cell>
              {row.type === 'agent' ? '' : `${row.type} `}
              {row.entitlement}
            </Cell>
            <Cell label="Since">
              <Moment at={new Date(row.since)} />
            </Cell>
            <Cell>
              {row.reason}
              {row.rules === '' ? null : <span class="block quiet small">{row.rules}</span>}
              {row.push === null ? null : (
                <span class="block quiet small">
                  after “{eventWords(row.push)}” ({row.pushedBy})
                </span>
              )}
            </Cell>
          </TableRow>
        ))}
      </Table>
      <More count={rows.length} />
    </div>
  );
}

/** What was asked for, as it was typed. */
export type JourneyFields = Readonly<Record<'from' | 'to' | keyof Sla, string>>;

/** How long each joiner, mover and leaver took from the push to the phone system, against a target. */
export function JourneysPage({
  fields,
  since,
  rows,
}: {
  readonly fields: JourneyFields;
  /** Where the period begins when none is named. */
  readonly since: Date;
  readonly rows: readonly JourneyRow[];
}): Markup {
  return (
    <div>
      <PageHead
        {...HEAD}
        title="How long people took"
        lead="From the push of the identity provider to the last change at the phone system, against a target. Waiting for an approval counts."
      />
      <div class="stack">
        <Card title="Which period, and which targets?">
          <form class="card-body stack" method="get" action={paths.auditJourneys()}>
            <div class="fields wide">
              <MomentField name="from" label="From (UTC; empty: 30 days ago)" value={fields.from} />
              <MomentField name="to" label="To (UTC; empty: now)" value={fields.to} />
              {JOURNEY_KINDS.map((kind) => (
                <Minutes name={`${kind}Minutes`} label={`${TITLES[kind]}: minutes`} fields={fields} />
              ))}
            </div>
            <div>
              <button class="button" type="submit">
                Show
              </button>
            </div>
          </form>
        </Card>
        <Summary rows={rows} />
        <Card
          title={fields.from === '' ? `Since ${formatMoment(since)}` : 'In that period'}
          aside={
            <Files
              csv={paths.auditJourneys('.csv', fields)}
              json={paths.auditJourneys('.json', fields)}
              isAny={rows.length > 0}
            />
          }
        >
          {rows.length === 0 ? (
            <Empty title="Nobody">
              <p>No push of that period has led to a change at a phone system.</p>
            </Empty>
          ) : (
            <JourneyTable rows={rows} />
          )}
        </Card>
      </div>
    </div>
  );
}

const TITLES = { joiner: 'Joiners', mover: 'Movers', leaver: 'Leavers' } as const;

function Summary({ rows }: { readonly rows: readonly JourneyRow[] }): Markup | null {
  if (rows.length === 0) return null;
  return (
    <Card title="In time">
      <Table label="Journeys within their target" head={['Who', 'How many', 'In time', 'Longest']}>
        {JOURNEY_KINDS.map((kind) => {
          const own = rows.filter((row) => row.kind === kind);
          const inTime = own.filter(({ isInTime }) => isInTime).length;
          const longest = Math.max(0, ...own.map(({ tookSeconds }) => tookSeconds));
          return (
            <TableRow>
              <Cell>{TITLES[kind]}</Cell>
              <Cell label="How many">{formatNumber(own.length)}</Cell>
              <Cell label="In time">
                {own.length === 0 ? '–' : `${formatNumber(inTime)} of ${formatNumber(own.length)}`}
              </Cell>
              <Cell label="Longest">{own.length === 0 ? '–' : took(longest)}</Cell>
            </TableRow>
          );
        })}
      </Table>
    </Card>
  );
}

function JourneyTable({ rows }: { readonly rows: readonly JourneyRow[] }): Markup {
  const slowestFirst = rows.toSorted(
    (a, b) => b.tookSeconds / b.targetSeconds - a.tookSeconds / a.targetSeconds,
  );
  return (
    <div>
      <Table
        label="Journeys, the slowest first"
        head={['Person', 'Who', 'Phone system', 'Pushed', 'Took', 'Target']}
      >
        {slowestFirst.slice(0, ROWS_SHOWN).map((row) => (
          <TableRow>
            <Cell>
              <a href={paths.person(row.personId)}>{row.person === '' ? row.userName : row.person}</a>
            </Cell>
            <Cell>{row.kind}</Cell>
            <Cell label="Phone system">{row.account}</Cell>
            <Cell label="Pushed">
              <Moment at={new Date(row.pushedAt)} />
            </Cell>
            <Cell label="Took">{took(row.tookSeconds)}</Cell>
            <Cell>
              {row.isInTime ? <Badge tone="good">in time</Badge> : <Badge tone="warn">late</Badge>}{' '}
              <span class="quiet small">{took(row.targetSeconds)}</span>
            </Cell>
          </TableRow>
        ))}
      </Table>
      <More count={rows.length} />
    </div>
  );
}

function took(seconds: number): string {
  return seconds < 90 ? `${String(Math.round(seconds))} s` : formatSpan(seconds * 1_000);
}

function MomentField({
  name,
  label,
  value,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
}): Markup {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} name={name} type="datetime-local" value={value} />
    </div>
  );
}

function Minutes({
  name,
  label,
  fields,
}: {
  readonly name: keyof Sla;
  readonly label: string;
  readonly fields: JourneyFields;
}): Markup {
  const value = fields[name] === '' ? String(STANDARD_SLA[name]) : fields[name];
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} name={name} inputmode="decimal" value={value} autocomplete="off" />
    </div>
  );
}

function Files({
  csv,
  json,
  isAny,
}: {
  readonly csv: string;
  readonly json: string;
  readonly isAny: boolean;
}): Markup | null {
  if (!isAny) return null;
  return (
    <span class="row">
      <a href={csv}>CSV</a>
      <a href={json}>JSON</a>
    </span>
  );
}

function More({ count }: { readonly count: number }): Markup | null {
  if (count <= ROWS_SHOWN) return null;
  return (
    <p class="card-body quiet">
      {formatCount(count - ROWS_SHOWN, 'more row is', 'more rows are')} in the files.
    </p>
  );
}
