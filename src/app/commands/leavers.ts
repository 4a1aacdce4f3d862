import { Option, type Command } from 'commander';
import type { LeaverRow } from '../../administration/leavers.js';
import { manifestCsv } from '../../deprovision/documents.js';
import { AppError } from '../../domain/errors.js';
import { verifyDocument, type Signature } from '../../lib/signing.js';
import { digestOf } from '../../lib/canonical-json.js';
import { buildEngine } from '../engine.js';
import { buildLeavers, type LeaverParts } from '../leavers.js';
import type { Services } from '../services.js';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';

const LIST_MAX = 500;

type Work<T> = (
  parts: LeaverParts & { readonly tenantId: string; readonly services: Services },
) => Promise<T>;

interface TenantOption {
  readonly tenant: string;
}

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
  addHolds(leavers, context, withLeavers);
  addDocuments(leavers, context, withLeavers);
}

type WithLeavers = <T>(options: TenantOption, work: Work<T>) => Promise<T>;

function tenantCommand(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description).requiredOption('--tenant <slug>', 'tenant');
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

function addDocuments(parent: Command, context: CommandContext, withLeavers: WithLeavers): void {
  tenantCommand(parent, 'manifest <deletion>', 'print the manifest of a deletion: lines, calls, recordings')
    .addOption(new Option('--format <format>', 'how').choices(['json', 'csv']).default('json'))
    .action(async (deletionId: string, options: TenantOption & { format: string }) => {
      const text = await withLeavers(options, async ({ retentionDocuments, tenantId }) => {
        const found = await retentionDocuments.manifest(tenantId, deletionId);
        if (found === null) throw missing('manifest');
        if (options.format === 'json') return `${JSON.stringify(found, null, 2)}\n`;
        return manifestCsv(found.document, await retentionDocuments.archived(tenantId, deletionId));
      });
      context.terminal.out(text);
    });
  tenantCommand(parent, 'certificate <deletion>', 'print the retention certificate of a deletion').action(
    async (deletionId: string, options: TenantOption) => {
      const found = await withLeavers(options, ({ retentionDocuments, tenantId }) =>
        retentionDocuments.certificate(tenantId, deletionId),
      );
      if (found === null) throw missing('certificate');
      context.terminal.out(`${JSON.stringify(found, null, 2)}\n`);
    },
  );
  parent
    .command('verify <file>')
    .description('check hash and signature of a manifest or certificate; needs no database')
    .option('--key <id>', 'id of the key that must have signed it')
    .action(async (file: string, options: { key?: string }, command: Command) => {
      const { document, hash, signature } = readSigned(await context.readInput(file));
      const isGenuine = digestOf(document) === hash && verifyDocument(document, signature);
      if (!isGenuine)
        throw new AppError('conflict', 'The document was altered, or its signature is not good.');
      if (options.key !== undefined && options.key !== signature.keyId) {
        throw new AppError('conflict', `Another key signed it: ${signature.keyId}.`);
      }
      print(
        context,
        command,
        { hash, keyId: signature.keyId },
        `Genuine. Signed with key ${signature.keyId}.`,
      );
    });
  tenantCommand(
    parent,
    'keys',
    'list the public keys that manifests and certificates are signed with',
  ).action(async (options: TenantOption, command: Command) => {
    const keys = await withLeavers(options, ({ services, tenantId }) =>
      services.signingKeys.listPublic(tenantId),
    );
    const rows = keys.map((one) => [one.keyId, one.publicKey]);
    print(
      context,
      command,
      keys,
      rows.length === 0 ? 'Nothing was signed yet.' : renderTable(['key', 'public key'], rows),
    );
  });
}

function readSigned(text: string): {
  readonly document: unknown;
  readonly hash: string;
  readonly signature: Signature;
} {
  try {
    const { document, hash, signature } = JSON.parse(text) as Record<string, unknown>;
    if (typeof hash === 'string' && typeof signature === 'object' && signature !== null)
      return { document, hash, signature: signature as Signature };
  } catch {
    // Said below.
  }
  throw new AppError('invalid', 'This file is no manifest or certificate of Patchbay.');
}

function readTime(text: string): Date {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time;
  throw new AppError(
    'invalid',
    `"${text}" is no time. Write it as 2026-12-24T00:00:00Z. Nothing was changed.`,
  );
}

function missing(what: string): AppError {
  return new AppError('notFound', `This deletion has no ${what} yet, or there is no such deletion.`);
}
