import { Option, type Command } from 'commander';
import { manifestCsv } from '../../deprovision/documents.js';
import { AppError } from '../../domain/errors.js';
import { digestOf } from '../../lib/canonical-json.js';
import { verifyDocument, type Signature } from '../../lib/signing.js';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';
import { tenantCommand, type TenantOption, type WithLeavers } from './leaver-command.js';

/** Manifests and certificates as they were signed, and whether one is genuine. */
export function addDocuments(parent: Command, context: CommandContext, withLeavers: WithLeavers): void {
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

function missing(what: string): AppError {
  return new AppError('notFound', `This deletion has no ${what} yet, or there is no such deletion.`);
}
