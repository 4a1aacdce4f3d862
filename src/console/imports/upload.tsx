import type { ManualRecord } from '../../domain/manual-record.js';
import type { ImportRow } from '../../manual/ports.js';
import type { Account } from '../../tenancy/account.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago, formatCount, formatNumber, Moment } from '../kit/format.js';
import { CSRF_FIELD } from '../kit/form.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Cell, Empty, PageHead, Table, TableRow } from '../parts/blocks.js';
import { paths } from '../paths.js';

export interface UploadShown {
  readonly context: PageContext;
  readonly account: Account;
  readonly recent: readonly ImportRow[];
  readonly record: ManualRecord;
}

/** Where a member list comes in, and what came in before. */
export function UploadPage(shown: UploadShown): Markup {
  const { context, account, record } = shown;
  return (
    <div>
      <PageHead
        title="Import a member list"
        lead="This phone system has no API. Its own export is how Patchbay learns what is so there, beside what people confirm."
        crumbs={{ href: paths.account(account.name), label: account.name }}
      />
      <div class="stack">
        <KnownCard record={record} now={context.now} />
        {can(context, 'accounts:write') ? <UploadCard {...shown} /> : null}
        <RecentCard {...shown} />
      </div>
    </div>
  );
}

function KnownCard({ record, now }: { readonly record: ManualRecord; readonly now: Date }): Markup {
  const { agents, completeAsOf } = record;
  const confirmed = agents.filter(({ source }) => source === 'person').length;
  return (
    <Card title="What is known now">
      <div class="card-body stack-s">
        {completeAsOf === null ? (
          <p class="notice warn">
            No complete list was imported yet. Until then nobody is invited or shut out, because it is not
            known who is there already.
          </p>
        ) : (
          <p>
            Complete as of <Ago at={new Date(completeAsOf)} now={now} />.
          </p>
        )}
        <dl class="facts">
          <div>
            <dt>People</dt>
            <dd>{formatNumber(agents.length)}</dd>
          </div>
          <div>
            <dt>Last confirmed by a person</dt>
            <dd>{formatNumber(confirmed)}</dd>
          </div>
          <div>
            <dt>Last shown by a list</dt>
            <dd>{formatNumber(agents.length - confirmed)}</dd>
          </div>
        </dl>
      </div>
    </Card>
  );
}

function UploadCard({ context, account, record }: UploadShown): Markup {
  return (
    <Card title="Upload a list">
      <form
        method="post"
        action={paths.account(account.name, '/import')}
        enctype="multipart/form-data"
        class="card-body stack-s"
      >
        <input type="hidden" name={CSRF_FIELD} value={context.session.csrf} />
        <div class="field">
          <label for="list">Member list as CSV</label>
          <input id="list" name="list" type="file" accept=".csv,text/csv" required />
          <p class="hint">At most 2 MB. Nothing changes before you have seen what it would do.</p>
        </div>
        <div class="field">
          <label for="exportedAt">Exported at (UTC)</label>
          <input
            id="exportedAt"
            name="exportedAt"
            type="datetime-local"
            value={context.now.toISOString().slice(0, 16)}
          />
          <p class="hint">What somebody confirmed after this moment stands, whatever the list says.</p>
        </div>
        <label class="choice">
          <input type="checkbox" name="complete" value="yes" checked={record.completeAsOf === null} />
          <span>
            <span class="strong">This list names everybody</span>
            <br />
            <span class="quiet small">
              Only then does it count that somebody is not in it. Leave it off for a filtered or partial
              export.
            </span>
          </span>
        </label>
        <div>
          <button class="button" type="submit">
            See what it would do
          </button>
        </div>
      </form>
    </Card>
  );
}

const STATES = {
  previewed: { label: 'Waits for a decision', tone: 'warn' },
  applied: { label: 'Applied', tone: 'good' },
  discarded: { label: 'Thrown away', tone: 'plain' },
} as const;

function RecentCard({ account, recent, context }: UploadShown): Markup {
  return (
    <Card title="Lists so far">
      {recent.length === 0 ? (
        <Empty title="None yet">
          <p>Export the members in the phone system’s own pages and upload the file here.</p>
        </Empty>
      ) : (
        <Table label="Imported lists" head={['List', 'Exported', 'What it did', 'Decided', 'State']}>
          {recent.map((row) => (
            <TableRow>
              <Cell>
                <span class="strong">
                  {row.state === 'previewed' ? (
                    <a href={paths.account(account.name, `/import/${row.id}`)}>{row.fileName}</a>
                  ) : (
                    row.fileName
                  )}
                </span>
                <span class="block quiet small">
                  {row.isComplete ? 'Names everybody' : 'Names some people'}
                </span>
              </Cell>
              <Cell label="Exported">
                <Moment at={row.exportedAt} />
              </Cell>
              <Cell label="What it did">{figureWords(row)}</Cell>
              <Cell label="Decided">
                {row.decidedAt === null ? '–' : <Ago at={row.decidedAt} now={context.now} />}
                {row.decidedBy === null ? null : <span class="quiet small"> by {row.decidedBy}</span>}
              </Cell>
              <Cell>
                <Badge tone={STATES[row.state].tone}>{STATES[row.state].label}</Badge>
              </Cell>
            </TableRow>
          ))}
        </Table>
      )}
    </Card>
  );
}

function figureWords({ state, figures }: ImportRow): string {
  if (state !== 'applied') return '–';
  const { added = 0, changed = 0, removed = 0, confirmed = 0 } = figures;
  const steps = formatCount(confirmed, 'step confirmed', 'steps confirmed');
  return `${String(added)} new, ${String(changed)} changed, ${String(removed)} gone, ${steps}`;
}
