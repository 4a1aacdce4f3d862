import type { JourneyRow } from '../../report/history/rows.js';
import { JOURNEY_KINDS, STANDARD_SLA, type Sla } from '../../report/history/journeys.js';
import { formatMoment, formatNumber, formatSpan, Moment } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Cell, Empty, PageHead, Pager, Table, TableRow } from '../parts/blocks.js';
import { SearchField } from '../parts/search-field.js';
import { paths } from '../paths.js';
import { Files, HEAD, MomentField } from './history-parts.js';

const ROWS_SHOWN = 100;

/** What was asked for, as it was typed. */
export type JourneyFields = Readonly<Record<'from' | 'to' | 'search' | keyof Sla, string>>;

/** How long each joiner, mover and leaver took from the push to the phone system, against a target. */
export function JourneysPage({
  fields,
  since,
  rows,
  skip,
}: {
  readonly fields: JourneyFields;
  /** Where the period begins when none is named. */
  readonly since: Date;
  readonly rows: readonly JourneyRow[];
  readonly skip: number;
}): Markup {
  const end = skip + ROWS_SHOWN;
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
              <SearchField value={fields.search} placeholder="Name, user name or e-mail" />
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
            <JourneyTable rows={rows} skip={skip} />
          )}
          <Pager
            first={skip === 0 ? null : paths.auditJourneys('', fields)}
            next={rows.length <= end ? null : paths.auditJourneys('', { ...fields, skip: String(end) })}
          />
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

function JourneyTable({
  rows,
  skip,
}: {
  readonly rows: readonly JourneyRow[];
  readonly skip: number;
}): Markup {
  const slowestFirst = rows.toSorted(
    (a, b) => b.tookSeconds / b.targetSeconds - a.tookSeconds / a.targetSeconds,
  );
  return (
    <Table
      label="Journeys, the slowest first"
      head={['Person', 'Who', 'Phone system', 'Pushed', 'Took', 'Target']}
    >
      {slowestFirst.slice(skip, skip + ROWS_SHOWN).map((row) => (
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
  );
}

function took(seconds: number): string {
  return seconds < 90 ? `${String(Math.round(seconds))} s` : formatSpan(seconds * 1_000);
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
