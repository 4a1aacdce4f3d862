import type { Page } from '../../administration/page.js';
import type { AnnouncedObject, Removal } from '../../administration/removals.js';
import { formatBytes, formatCount, Moment } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Cell, Empty, PageHead, Pager, Table, TableRow } from '../parts/blocks.js';
import { paths } from '../paths.js';
import { LeaverTabs } from './tabs.js';

/** Removals of expired recordings: what is announced, and what was done. */
export function RemovalsPage({
  after,
  page,
}: {
  readonly after: string | null;
  readonly page: Page<Removal>;
}): Markup {
  return (
    <div>
      <PageHead
        title="Leavers"
        lead="Archived recordings are removed when their retention class expires. Each removal is announced first; a legal hold keeps what it covers."
      />
      <LeaverTabs current="removals" account={null} mayReadAudit />
      <Card>
        {page.rows.length === 0 ? (
          <Empty title="No archived recording has expired">
            <p>When one does, the removal is announced here before anything is removed.</p>
          </Empty>
        ) : (
          <ul class="rows">
            {page.rows.map((one) => (
              <RemovalLine removal={one} />
            ))}
          </ul>
        )}
        <Pager
          first={after === null ? null : paths.removals()}
          next={page.next === null ? null : paths.removals({ after: page.next })}
        />
      </Card>
    </div>
  );
}

function RemovalLine({ removal }: { readonly removal: Removal }): Markup {
  const { id, account, count, bytes } = removal;
  return (
    <li>
      <div>
        <a class="strong" href={paths.removals({}, `/${id}`)}>
          {formatCount(count, 'recording', 'recordings')} of {account}
        </a>{' '}
        <span class="quiet">{formatBytes(bytes)}</span>
        <br />
        <span class="small">
          <RemovalState removal={removal} />
        </span>
      </div>
      <RemovalBadge removal={removal} />
    </li>
  );
}

function RemovalBadge({ removal: { state } }: { readonly removal: Removal }): Markup {
  return state === 'announced' ? <Badge tone="warn">Announced</Badge> : <Badge>Done</Badge>;
}

function RemovalState({ removal }: { readonly removal: Removal }): Markup {
  const { result, dueAt, finishedAt } = removal;
  if (result === null || finishedAt === null)
    return (
      <span>
        Removed not before <Moment at={dueAt} />
      </span>
    );
  return (
    <span>
      {formatCount(result.removed, 'was', 'were')} removed
      {result.kept === 0 ? '' : `, ${String(result.kept)} kept`}, <Moment at={finishedAt} />
    </span>
  );
}

/** Exactly what one announcement names. */
export function RemovalPage({
  removal,
  after,
  page,
}: {
  readonly removal: Removal;
  readonly after: string | null;
  readonly page: Page<AnnouncedObject>;
}): Markup {
  const rest = `/${removal.id}`;
  return (
    <div>
      <PageHead
        title={`${formatCount(removal.count, 'recording', 'recordings')} of ${removal.account}`}
        crumbs={{ href: paths.removals(), label: 'Removals' }}
      >
        <RemovalBadge removal={removal} />
      </PageHead>
      <div class="stack">
        <p>
          <RemovalState removal={removal} />
        </p>
        <Card>
          <Table
            label="Recordings of this removal"
            head={['Person', 'Call', 'Class', 'Expired', 'Size', 'Now']}
          >
            {page.rows.map((one) => (
              <TableRow>
                <Cell>
                  <a href={paths.person(one.personId)}>{one.email}</a>
                </Cell>
                <Cell label="Call">
                  {one.callId} {one.kind}
                </Cell>
                <Cell label="Class">{one.retentionClass}</Cell>
                <Cell label="Expired">{one.expiresAt.slice(0, 10)}</Cell>
                <Cell label="Size">{formatBytes(one.bytes)}</Cell>
                <Cell>{stateWords(one)}</Cell>
              </TableRow>
            ))}
          </Table>
          <Pager
            first={after === null ? null : paths.removals({}, rest)}
            next={page.next === null ? null : paths.removals({ after: page.next }, rest)}
          />
        </Card>
      </div>
    </div>
  );
}

function stateWords({ state, isHeld }: AnnouncedObject): string {
  if (state !== 'stored') return state;
  return isHeld ? 'kept: legal hold' : 'in the archive';
}
