import { InvalidArgumentError, type Command } from 'commander';
import type { AnnouncedObject, Removal } from '../../administration/removals.js';
import type { Page } from '../../administration/page.js';
import { AppError } from '../../domain/errors.js';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';
import { tenantCommand, type TenantOption, type WithLeavers } from './leaver-command.js';

interface RemovalsOptions extends TenantOption {
  readonly limit: number;
  readonly after?: string;
}

/** What the retention schedule announced and removed; with an id exactly which recordings. */
export function addRemovals(parent: Command, context: CommandContext, withLeavers: WithLeavers): void {
  tenantCommand(
    parent,
    'removals [id]',
    'list archived recordings whose time is over: announced, and what was removed; with an id each of them',
  )
    .option('--limit <number>', 'rows of one page', readLimit, 100)
    .option('--after <cursor>', 'the page after the one that named this cursor')
    .action(async (id: string | undefined, options: RemovalsOptions, command: Command) => {
      const request = { after: options.after ?? null, limit: options.limit };
      if (id === undefined) {
        const page = await withLeavers(options, ({ removals, tenantId }) => removals.list(tenantId, request));
        print(context, command, page, describePage(page, describeRemovals));
        return;
      }
      const found = await withLeavers(options, async ({ removals, tenantId }) => {
        const removal = await removals.find(tenantId, id);
        if (removal === null) throw missing();
        return { removal, ...(await removals.objects(tenantId, id, request)) };
      });
      print(context, command, found, describePage(found, describeObjects));
    });
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1_000) return limit;
  throw new InvalidArgumentError('It must be a whole number from 1 to 1000.');
}

function describePage<Row>({ rows, next }: Page<Row>, describe: (rows: readonly Row[]) => string): string {
  if (rows.length === 0) return 'No archived recording has expired.';
  return next === null ? describe(rows) : `${describe(rows)}\n\nThe next page: --after ${next}`;
}

function describeRemovals(rows: readonly Removal[]): string {
  return renderTable(
    ['id', 'account', 'state', 'recordings', 'bytes', 'due', 'removed'],
    rows.map((one) => [
      one.id,
      one.account,
      one.state,
      String(one.count),
      String(one.bytes),
      one.dueAt.toISOString().slice(0, 16),
      one.result === null ? '' : `${String(one.result.removed)}, ${String(one.result.kept)} kept`,
    ]),
  );
}

function describeObjects(rows: readonly AnnouncedObject[]): string {
  return renderTable(
    ['person', 'call', 'kind', 'class', 'expired', 'bytes', 'state'],
    rows.map((one) => [
      one.email,
      one.callId,
      one.kind,
      one.retentionClass,
      one.expiresAt.slice(0, 10),
      String(one.bytes),
      one.isHeld && one.state === 'stored' ? 'legal hold' : one.state,
    ]),
  );
}

function missing(): AppError {
  return new AppError(
    'notFound',
    'There is no such removal: patchbay leavers removals lists those there are.',
  );
}
