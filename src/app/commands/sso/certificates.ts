import type { Command } from 'commander';
import { renderTable } from '../../terminal.js';
import { print, type CommandContext } from '../context.js';
import { withTenantSso } from '../sso-context.js';
import { day } from './text.js';

/** `patchbay sso certificates`: how long the identity providers' certificates last. */
export function addCertificateCommand(sso: Command, context: CommandContext): void {
  sso
    .command('certificates')
    .description("the identity providers' signing certificates, with warnings 60, 30 and 7 days ahead")
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: { tenant: string }, command: Command) => {
      const views = await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.connections.list(tenant),
      );
      const certificates = views.flatMap(({ name, idp, warnings }) =>
        (idp?.certificates ?? []).map((certificate) => {
          const warning = warnings.find(({ fingerprint }) => fingerprint === certificate.fingerprint) ?? null;
          return { connection: name, ...certificate, warning };
        }),
      );
      const rows = certificates.map(({ connection, notAfter, fingerprint, warning }) => [
        connection,
        day(notAfter),
        warning === null
          ? 'fine'
          : warning.daysLeft < 0
            ? 'EXPIRED'
            : `${String(warning.daysLeft)} days left`,
        fingerprint,
      ]);
      print(context, command, certificates, renderTable(['connection', 'until', 'state', 'SHA-256'], rows));
    });
}
