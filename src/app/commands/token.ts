import { InvalidArgumentError, type Command } from 'commander';
import type { ApiToken } from '../../tenancy/ports.js';
import type { Services } from '../services.js';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';

interface CreateOptions {
  readonly tenant: string;
  readonly name: string;
  readonly expiresInDays?: number;
}

const DAY_MS = 86_400_000;

/** `patchbay token create | list | revoke`: the bearer tokens that IdPs use. */
export function addTokenCommands(program: Command, context: CommandContext): void {
  const token = program.command('token').description('SCIM tokens of a tenant');
  token
    .command('create')
    .description('make a token for an IdP; it is shown once. Two may be valid at a time, for rotation')
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--name <name>', 'what the token is for', 'SCIM')
    .option('--expires-in-days <days>', 'days until it stops working (default: never)', parseDays)
    .action(async (options: CreateOptions, command: Command) => {
      const made = await context.withServices((services) => createToken(services, context.actor, options));
      const text = [
        `SCIM base URL  ${made.scimBaseUrl}`,
        `Token          ${made.token}`,
        '',
        'Copy the token now: it is stored as a hash and cannot be shown again.',
      ];
      print(context, command, made, text.join('\n'));
    });
  token
    .command('list')
    .description('list the tokens of a tenant, without their secrets')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: { tenant: string }, command: Command) => {
      const tokens = await context.withServices(async (services) => {
        const tenant = await services.tenants.bySlug(options.tenant);
        return services.tokens.list(tenant.id, 'scim');
      });
      const rows = tokens.map((record) => [
        record.id, record.name, record.hint, describeState(record), day(record.lastUsedAt) ?? 'never',
      ]); // prettier-ignore
      print(context, command, tokens, renderTable(['id', 'name', 'token', 'state', 'last used'], rows));
    });
  token
    .command('revoke <id>')
    .description('end a token; running instances refuse it within seconds')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (tokenId: string, options: { tenant: string }, command: Command) => {
      await context.withServices(async (services) => {
        const tenant = await services.tenants.bySlug(options.tenant);
        await services.tokens.revoke({ tenantId: tenant.id, tokenId, actor: context.actor });
      });
      print(context, command, { revoked: tokenId }, 'The token was revoked.');
    });
}

async function createToken(
  services: Services,
  actor: string,
  options: CreateOptions,
): Promise<{ token: string; scimBaseUrl: string; tenant: string; id: string; expiresAt: Date | null }> {
  const tenant = await services.tenants.bySlug(options.tenant);
  const now = services.clock.now().getTime();
  const days = options.expiresInDays;
  const expiresAt = days === undefined ? null : new Date(now + days * DAY_MS);
  const { token, record } = await services.tokens.create({
    tenantId: tenant.id,
    kind: 'scim',
    name: options.name,
    expiresAt,
    actor,
  });
  return { token, scimBaseUrl: services.scimBaseUrl, tenant: tenant.slug, id: record.id, expiresAt };
}

function parseDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 3650) {
    throw new InvalidArgumentError('Give a whole number of days from 1 to 3650.');
  }
  return days;
}

function describeState(token: ApiToken): string {
  if (token.revokedAt !== null) return `revoked ${day(token.revokedAt)}`;
  return token.expiresAt === null ? 'valid' : `valid until ${day(token.expiresAt)}`;
}

function day(at: Date | null): string | null {
  return at === null ? null : at.toISOString().slice(0, 10);
}
