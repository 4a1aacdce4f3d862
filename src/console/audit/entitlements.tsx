import type { Page } from '../../administration/page.js';
import type { HoldingRow } from '../../report/history/rows.js';
import { formatMoment, Moment } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Cell, Empty, PageHead, Pager, Table, TableRow } from '../parts/blocks.js';
import { eventWords } from '../parts/event-words.js';
import { SearchField } from '../parts/search-field.js';
import { paths } from '../paths.js';
import { Files, HEAD, MomentField } from './history-parts.js';

/** Who held which entitlement at a moment, and why. */
export function EntitlementsPage({
  at,
  search,
  after,
  now,
  page,
}: {
  readonly at: string;
  readonly search: string;
  readonly after: string | null;
  readonly now: Date;
  readonly page: Page<HoldingRow>;
}): Markup {
  const query = { at, search };
  return (
    <div>
      <PageHead
        {...HEAD}
        title="Who held what"
        lead="At any past moment, with the reason: the rule and the group that wanted it, and the push before it. From the audit trail."
      />
      <div class="stack">
        <Card title="Who, and when?">
          <form class="toolbar" method="get" action={paths.auditEntitlements()}>
            <SearchField value={search} placeholder="Name, user name or e-mail" />
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
              csv={paths.auditEntitlements('.csv', query)}
              json={paths.auditEntitlements('.json', query)}
              isAny={page.rows.length > 0}
            />
          }
        >
          {page.rows.length === 0 ? (
            <NobodyHeld isSearch={search !== ''} />
          ) : (
            <HoldingTable rows={page.rows} />
          )}
          <Pager
            first={after === null ? null : paths.auditEntitlements('', query)}
            next={page.next === null ? null : paths.auditEntitlements('', { ...query, after: page.next })}
          />
        </Card>
      </div>
    </div>
  );
}

function NobodyHeld({ isSearch }: { readonly isSearch: boolean }): Markup {
  return (
    <Empty title="Nobody held anything">
      <p>
        {isSearch
          ? 'Of the people whom you look for, or of this page of them, nobody had been given anything by then.'
          : 'Patchbay had given nobody anything by then, or had taken all of it back.'}
      </p>
    </Empty>
  );
}

function HoldingTable({ rows }: { readonly rows: readonly HoldingRow[] }): Markup {
  return (
    <Table label="Entitlements" head={['Person', 'Phone system', 'What', 'Since', 'Why']}>
      {rows.map((row) => (
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
  );
}
