import type { AuditRow } from '../../administration/audit.js';
import type { ChainCheck } from '../../administration/audit-chain.js';
import type { Page } from '../../administration/page.js';
import type { PageContext } from '../kit/context.js';
import { Moment } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, Cell, Empty, PageHead, Pager, Table, TableRow } from '../parts/blocks.js';
import { eventWords } from '../parts/event-words.js';
import { paths } from '../paths.js';
import { ChainCard } from './chain.js';

/** The filter as it stands in the address. */
export interface AuditFields {
  readonly actor: string;
  readonly action: string;
  readonly from: string;
  readonly until: string;
}

export interface AuditShown {
  readonly context: PageContext;
  /** The last computation of the hash chain. */
  readonly check: ChainCheck | null;
  readonly fields: AuditFields;
  readonly after: string | null;
  readonly actions: readonly string[];
  readonly page: Page<AuditRow>;
}

/** Who did what, when: filtered, and as a table to take away. */
export function AuditPage({ context, check, fields, after, actions, page }: AuditShown): Markup {
  const query = { ...fields };
  return (
    <div>
      <PageHead
        title="Audit"
        lead="Every change, with who made it. Written in the same transaction as the change itself."
      >
        <a class="button plain" href={paths.auditEntitlements()}>
          Who held what
        </a>
        <a class="button plain" href={paths.auditJourneys()}>
          How long people took
        </a>
        <a class="button plain" href={paths.auditCsv(query)}>
          Export as CSV
        </a>
        <a class="button plain" href={paths.auditJson(query)}>
          Export as JSON
        </a>
      </PageHead>
      <div class="stack">
        <ChainCard context={context} check={check} />
        <Card>
          <FilterForm fields={fields} actions={actions} />
          {page.rows.length === 0 ? (
            <Empty title="No such event">
              <p>Widen the dates, or show everything.</p>
              <a class="button plain" href={paths.audit()}>
                Show everything
              </a>
            </Empty>
          ) : (
            <Table label="Audit events" layout="events" head={['When', 'Who', 'What', 'Of what']}>
              {page.rows.map((row) => (
                <EventRow row={row} />
              ))}
            </Table>
          )}
          <Pager
            first={after === null ? null : paths.audit(query)}
            next={page.next === null ? null : paths.audit({ ...query, after: page.next })}
          />
        </Card>
      </div>
    </div>
  );
}

function FilterForm({ fields, actions }: Pick<AuditShown, 'fields' | 'actions'>): Markup {
  return (
    <form class="toolbar" method="get" action={paths.audit()}>
      <div class="field">
        <label for="actor">Who</label>
        <input id="actor" name="actor" value={fields.actor} placeholder="scim:okta" autocomplete="off" />
      </div>
      <div class="field">
        <label for="action">What</label>
        <select id="action" name="action">
          <option value="">Everything</option>
          {actions.map((action) => (
            <option value={action} selected={action === fields.action}>
              {eventWords(action)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="from">From</label>
        <input id="from" name="from" type="date" value={fields.from} />
      </div>
      <div class="field">
        <label for="until">Until</label>
        <input id="until" name="until" type="date" value={fields.until} />
      </div>
      <button class="button plain" type="submit">
        Show
      </button>
    </form>
  );
}

function EventRow({ row }: { readonly row: AuditRow }): Markup {
  return (
    <TableRow>
      <Cell class="nowrap small">
        <Moment at={row.at} />
      </Cell>
      <Cell>{row.actor}</Cell>
      <Cell>
        {eventWords(row.action)}
        {Object.keys(row.data).length === 0 ? null : (
          <details class="small">
            <summary>Details</summary>
            <pre>{JSON.stringify(row.data, null, 2)}</pre>
          </details>
        )}
      </Cell>
      <Cell class="small">
        <Target row={row} />
      </Cell>
    </TableRow>
  );
}

function Target({ row: { targetType, targetId, targetName } }: { readonly row: AuditRow }): Markup {
  if (targetType === 'User' || targetType === 'subject')
    return <a href={paths.person(targetId)}>{targetName ?? 'Person'}</a>;
  if (targetType === 'plan') return <a href={paths.plan(targetId)}>Plan</a>;
  if (targetType === 'task') return <a href={paths.task(targetId)}>Task</a>;
  if (targetType === 'rules')
    return <a href={paths.rules(`/versions/${encodeURIComponent(targetId)}`)}>Rules {targetId}</a>;
  return (
    <span class="quiet">
      {targetType} {targetId}
    </span>
  );
}
