import type { Command } from 'commander';
import type { LeaverRow } from '../../administration/leavers.js';
import { AppError } from '../../domain/errors.js';
import { digestOf } from '../../lib/canonical-json.js';
import { buildEngine } from '../engine.js';
import { buildLeavers } from '../leavers.js';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';
import { addDocuments } from './leaver-documents.js';
import { addRemovals } from './leaver-removals.js';
import { addHandover } from './leaver-handover.js';
import { tenantCommand, type TenantOption, type WithLeavers, type Work } from './leaver-command.js';

const LIST_MAX = 500;

/** `patchbay leavers ...`: who is on the way out, and everything a person may decide about it. */
export function addLeaversCommands(program: Command, context: CommandContext): void {
  const leavers = program.command('leavers').description('who leaves, what holds a deletion, what was kept');
  const withLeavers = <T>({ tenant }: TenantOption, work: Work<T>): Promise<T> =>
    context.withServices(async (services) => {
      const { id: tenantId } = await services.tenants.bySlug(tenant);
      return work({ ...buildLeavers(services), tenantId, services });
    });
  addList(leavers, context, withLeavers);
  addApprove(leavers, context, withLeavers);
  addDates(leavers, context, withLeavers);
  addHandover(leavers, context, withLeavers);
  addHolds(leavers, context, withLeavers);
  addDocuments(leavers, context, withLeavers);
  addRemovals(leavers, context, withLeavers);
}

function addList(parent: Command, context: CommandContext, withLeavers: WithLeavers): void {
  tenantCommand(parent, 'list', 'list who is on the way out, the next to be deleted first')
    .option('--deleted', 'those whose deletion is done instead')
    .action(async (options: TenantOption & { deleted?: boolean }, command: Command) => {
      const view = options.deleted === true ? 'deleted' : 'leaving';
      const { rows } = await withLeavers(options, ({ leavers, tenantId }) =>
        leavers.list(tenantId, { view, accountId: null, after: null, limit: LIST_MAX }),
      );
      const table = renderTable(
        ['deletion', 'person', 'account', 'stage', 'due', 'remarks'],
        rows.map((row) => [
          row.deletionId ?? '',
          row.email,
          row.account,
          row.stage,
          row.dueAt?.toISOString().slice(0, 16) ?? '',
          remarksOf(row),
        ]),
      );
      const nobody = view === 'deleted' ? 'Nobody was deleted for good yet.' : 'Nobody is on the way out.';
      print(context, command, rows, rows.length === 0 ? nobody : table);
    });
}

function remarksOf(row: LeaverRow): string {
  return [
    row.legalHold === null ? null : `legal hold: ${row.legalHold.reason}`,
    row.holdReason ?? row.waitsFor,
    row.linesWithoutAnyone.length === 0 ? null : `rings nobody: ${row.linesWithoutAnyone.join(', ')}`,
    row.archive === null ? null : `${String(row.archive.stored)} recordings archived`,
    row.isClean === false ? 'the certificate has remarks' : null,
  ]
    .filter((part) => part !== null)
    .join('; ');
}

/** Shows first, approves only what was named: everything that waits then, each with its own digest. */
function addApprove(parent: Command, context: CommandContext, withLeavers: WithLeavers): void {
  tenantCommand(
    parent,
    'approve',
    'approve deletions that wait for a person; without --digest shows them only',
  )
    .option('--digest <digest>', 'digest of exactly the deletions that were shown')
    .action(async (options: TenantOption & { digest?: string }, command: Command) => {
      const result = await withLeavers(options, async ({ leavers, tenantId, services }) => {
        const { rows } = await leavers.list(tenantId, {
          view: 'leaving',
          accountId: null,
          after: null,
          limit: LIST_MAX,
        });
        const waiting = rows.filter(({ approval }) => approval !== null);
        const digest = digestOf(waiting.map(({ approval }) => approval));
        if (options.digest === undefined) return { waiting, digest, approved: null };
        if (options.digest !== digest) {
          throw new AppError(
            'stale',
            'Other deletions wait now than those you were shown. Nothing was approved.',
          );
        }
        const { decisions } = buildEngine(services);
        for (const { approval, accountId } of waiting) {
          if (approval === null) continue;
          await decisions.approve({ account: { tenantId, accountId }, ...approval, actor: context.actor });
        }
        return { waiting, digest, approved: waiting.length };
      });
      print(context, command, result, describeApproval(result));
    });
}

function describeApproval(result: {
  readonly waiting: readonly LeaverRow[];
  readonly digest: string;
  readonly approved: number | null;
}): string {
  const { waiting, digest, approved } = result;
  if (approved !== null) return `${String(approved)} deletions were approved.`;
  if (waiting.length === 0) return 'No deletion waits for approval.';
  const rows = waiting.map((row) => [row.email, row.account, row.holdReason ?? '']);
  const table = renderTable(['person', 'account', 'waits because'], rows);
  return `${table}\n\nTo approve exactly these: --digest ${digest}`;
}

function addDates(parent: Command, context: CommandContext, withLeavers: WithLeavers): void {
  tenantCommand(parent, 'cancel <deletion>', 'keep a leaver parked without a date of deletion').action(
    async (deletionId: string, options: TenantOption, command: Command) => {
      await withLeavers(options, ({ leaverDecisions, tenantId }) =>
        leaverDecisions.cancel({ tenantId, deletionId, actor: context.actor }),
      );
      print(context, command, { cancelled: deletionId }, 'Cancelled. The leaver stays parked.');
    },
  );
  tenantCommand(parent, 'schedule <deletion>', 'give a deletion another date, sooner or later')
    .requiredOption('--at <time>', 'ISO 8601, such as 2026-12-24T00:00:00Z')
    .action(async (deletionId: string, options: TenantOption & { at: string }, command: Command) => {
      const dueAt = readTime(options.at);
      await withLeavers(options, ({ leaverDecisions, tenantId }) =>
        leaverDecisions.reschedule({ tenantId, deletionId, dueAt, actor: context.actor }),
      );
      print(context, command, { deletionId, dueAt }, `Due ${dueAt.toISOString()}.`);
    });
  tenantCommand(parent, 'waive <deletion>', 'let recordings go that cannot be fetched')
    .requiredOption('--reason <text>', 'why')
    .action(async (deletionId: string, options: TenantOption & { reason: string }, command: Command) => {
      const { reason } = options;
      const { count } = await withLeavers(options, ({ leaverDecisions, tenantId }) =>
        leaverDecisions.waive({ tenantId, deletionId, reason, actor: context.actor }),
      );
      print(context, command, { deletionId, count }, `${String(count)} recordings were let go.`);
    });
}

function addHolds(parent: Command, context: CommandContext, withLeavers: WithLeavers): void {
  tenantCommand(parent, 'holds', 'list the legal holds that stand').action(
    async (options: TenantOption, command: Command) => {
      const holds = await withLeavers(options, ({ legalHolds, tenantId }) => legalHolds.list(tenantId));
      const rows = holds.map((one) => [
        one.personId,
        one.until?.toISOString().slice(0, 10) ?? 'no end',
        one.setBy,
        one.reason,
      ]);
      const table = renderTable(['person', 'until', 'set by', 'reason'], rows);
      print(context, command, holds, rows.length === 0 ? 'No legal hold stands.' : table);
    },
  );
  tenantCommand(parent, 'hold <person>', 'set or extend the legal hold of a person of the directory, by id')
    .requiredOption('--reason <text>', 'why')
    .option('--until <time>', 'ISO 8601; without it the hold has no end')
    .action(
      async (
        personId: string,
        options: TenantOption & { reason: string; until?: string },
        command: Command,
      ) => {
        const until = options.until === undefined ? null : readTime(options.until);
        const { reason } = options;
        const hold = await withLeavers(options, ({ legalHolds, tenantId }) =>
          legalHolds.set({ tenantId, personId, reason, until, actor: context.actor }),
        );
        print(context, command, hold, 'The legal hold stands. Nobody deletes their agents or recordings.');
      },
    );
  tenantCommand(parent, 'release <person>', 'end the legal hold of a person').action(
    async (personId: string, options: TenantOption, command: Command) => {
      await withLeavers(options, ({ legalHolds, tenantId }) =>
        legalHolds.release({ tenantId, personId, actor: context.actor }),
      );
      print(context, command, { released: personId }, 'Released.');
    },
  );
}

function readTime(text: string): Date {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time;
  throw new AppError(
    'invalid',
    `"${text}" is no time. Write it as 2026-12-24T00:00:00Z. Nothing was changed.`,
  );
}
