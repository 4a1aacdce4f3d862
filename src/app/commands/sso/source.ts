import type { Command } from 'commander';
import { AppError } from '../../../domain/errors.js';
import type { IdpSource } from '../../../sso/idp-source.js';
import type { CommandContext } from '../context.js';

export interface SourceOptions {
  readonly metadataUrl?: string;
  readonly metadataFile?: string;
  readonly entityId?: string;
  readonly ssoUrl?: string;
  readonly sloUrl?: string;
  readonly certificate?: readonly string[];
}

/** The three ways to name the identity provider's side. */
export function addSourceOptions(command: Command): Command {
  return command
    .option('--metadata-url <url>', 'metadata of the identity provider; read again every day')
    .option('--metadata-file <path>', 'metadata as a file; "-" reads standard input')
    .option('--entity-id <id>', 'issuer of the identity provider, with --sso-url and --certificate')
    .option('--sso-url <url>', 'its sign-in address (HTTP-Redirect)')
    .option('--slo-url <url>', 'its sign-out address, if it has one')
    .option('--certificate <path...>', 'files with its signing certificates (PEM)');
}

/** null: none was named. Throws AppError `invalid` for more than one way, or half of one. */
export async function readSource(context: CommandContext, options: SourceOptions): Promise<IdpSource | null> {
  const { metadataUrl, metadataFile, entityId, ssoUrl, sloUrl, certificate } = options;
  const hasFields = [entityId, ssoUrl, sloUrl, certificate].some((value) => value !== undefined);
  const ways = [metadataUrl !== undefined, metadataFile !== undefined, hasFields].filter(Boolean).length;
  if (ways === 0) return null;
  if (ways > 1) {
    throw new AppError(
      'invalid',
      'Name the identity provider in one way: --metadata-url, --metadata-file, or --entity-id with --sso-url and --certificate.',
    );
  }
  if (metadataUrl !== undefined) return { metadataUrl };
  if (metadataFile !== undefined) return { metadataXml: await context.readInput(metadataFile) };
  if (entityId === undefined || ssoUrl === undefined || certificate === undefined) {
    throw new AppError('invalid', 'Single values need all of --entity-id, --sso-url and --certificate.');
  }
  const certificates = await Promise.all(certificate.map((path) => context.readInput(path)));
  return { fields: { entityId, ssoUrl, sloUrl: sloUrl ?? null, certificates } };
}
