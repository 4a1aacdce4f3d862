import { InvalidArgumentError, type Command } from 'commander';
import type { Federation } from '../../tenancy/oauth/ports.js';
import type { Services } from '../services.js';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';
import {
  COPY_NOW,
  createClient,
  describeClient,
  describeMade,
  type NewClientOptions,
} from './oauth-client.js';

interface TenantOption {
  readonly tenant: string;
}

interface FederationOptions extends TenantOption {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly jwksUrl: string;
}

type CreateOptions = TenantOption & Partial<FederationOptions> & NewClientOptions;

/**
 * `patchbay oauth ...`: OAuth 2.0 clients for identity providers that get short-lived access tokens instead of
 * holding a static one (RFC 6749 section 4.4), by secret or by workload identity federation (RFC 7523 section 2.2).
 */
export function addOAuthCommands(program: Command, context: CommandContext): void {
  const oauth = program
    .command('oauth')
    .description('OAuth 2.0 clients that identity providers use for SCIM');
  addCreate(oauth, context);
  addList(oauth, context);
  addSecrets(oauth, context);
  addFederation(oauth, context);
  const revoke = inTenant(oauth, 'revoke <id>', 'end a client, its secrets and its access tokens');
  revoke.action(async (id: string, options: TenantOption, command: Command) => {
    await context.withServices(async (services) =>
      services.oauthClients.revoke({ ...(await ref(services, options, context)), id }),
    );
    print(context, command, { revoked: id }, 'The client was revoked, and its access tokens with it.');
  });
}

function addCreate(oauth: Command, context: CommandContext): void {
  const description = 'make a client: with a secret (shown once), or with --issuer and the like without one';
  federationOptions(inTenant(oauth, 'create <name>', description), (command, flags, text) =>
    command.option(flags, text),
  )
    .option('--token-minutes <minutes>', 'life of its access tokens, 60 to 360 (default: 60)', parseCount)
    .option('--valid-days <days>', 'life of the secret, up to 1096 (default: 365)', parseCount)
    .action(async (name: string, options: CreateOptions, command: Command) => {
      const made = await context.withServices(async (services) =>
        createClient(
          services,
          { ...(await ref(services, options, context)), name },
          options,
          readFederation(options),
        ),
      );
      print(context, command, made, describeMade(made));
    });
}

function addList(oauth: Command, context: CommandContext): void {
  inTenant(
    oauth,
    'list',
    'clients of a tenant with their secrets, which are shown by their ends only',
  ).action(async (options: TenantOption, command: Command) => {
    const clients = await context.withServices(async (services) =>
      services.oauthClients.list((await services.tenants.bySlug(options.tenant)).id),
    );
    const header = ['id', 'name', 'client id', 'state', 'proves itself by'];
    print(context, command, clients, renderTable(header, clients.map(describeClient)));
  });
}

function addSecrets(oauth: Command, context: CommandContext): void {
  const secret = oauth.command('secret').description('secrets of a client; several are valid side by side');
  inTenant(secret, 'add <client>', 'make another secret for a client; it is shown once')
    .option('--valid-days <days>', 'life of the secret, up to 1096 (default: 365)', parseCount)
    .action(async (id: string, options: TenantOption & { validDays?: number }, command: Command) => {
      const made = await context.withServices(async (services) =>
        services.oauthClients.addSecret({
          ...(await ref(services, options, context)),
          id,
          ...(options.validDays === undefined ? {} : { validDays: options.validDays }),
        }),
      );
      const value = { id: made.record.id, secret: made.secret, expiresAt: made.record.expiresAt };
      print(context, command, value, `Secret  ${made.secret}\n\n${COPY_NOW}`);
    });
  inTenant(
    secret,
    'revoke <secret>',
    'end a secret; access tokens that it bought live out their hour',
  ).action(async (secretId: string, options: TenantOption, command: Command) => {
    await context.withServices(async (services) =>
      services.oauthClients.revokeSecret({ ...(await ref(services, options, context)), secretId }),
    );
    print(context, command, { revoked: secretId }, 'The secret was revoked.');
  });
}

function addFederation(oauth: Command, context: CommandContext): void {
  const federation = oauth
    .command('federation')
    .description('trust in tokens that the identity provider signs');
  federationOptions(
    inTenant(federation, 'set <client>', 'let the client prove itself by the identity provider’s own tokens'),
    (command, flags, text) => command.requiredOption(flags, text),
  ).action(async (id: string, options: FederationOptions, command: Command) => {
    await setFederation(context, id, options, readFederation(options));
    print(context, command, { federation: id }, 'The client now proves itself by tokens of that issuer.');
  });
  inTenant(federation, 'clear <client>', 'end that trust; secrets go on working').action(
    async (id: string, options: TenantOption, command: Command) => {
      await setFederation(context, id, options, null);
      print(context, command, { federation: null }, 'The client proves itself by its secrets only.');
    },
  );
}

function inTenant(parent: Command, usage: string, description: string): Command {
  return parent.command(usage).description(description).requiredOption('--tenant <slug>', 'tenant');
}

function federationOptions(
  command: Command,
  add: (command: Command, flags: string, text: string) => Command,
): Command {
  const options: readonly (readonly [string, string])[] = [
    ['--issuer <url>', 'federation: issuer of the identity provider’s tokens (iss)'],
    ['--subject <text>', 'federation: who they must be about (sub)'],
    ['--audience <text>', 'federation: whom they must be meant for (aud)'],
    ['--jwks-url <url>', 'federation: where the issuer publishes its keys'],
  ];
  return options.reduce((built, [flags, text]) => add(built, flags, text), command);
}

async function ref(
  services: Services,
  { tenant }: TenantOption,
  { actor }: CommandContext,
): Promise<{ readonly tenantId: string; readonly actor: string }> {
  return { tenantId: (await services.tenants.bySlug(tenant)).id, actor };
}

async function setFederation(
  context: CommandContext,
  id: string,
  options: TenantOption,
  federation: Federation | null,
): Promise<void> {
  await context.withServices(async (services) =>
    services.oauthClients.setFederation({ ...(await ref(services, options, context)), id, federation }),
  );
}

/** null when none of the four is given; what is missing of them is refused by name when it is stored. */
function readFederation({
  issuer,
  subject,
  audience,
  jwksUrl,
}: Partial<FederationOptions>): Federation | null {
  if ([issuer, subject, audience, jwksUrl].every((option) => option === undefined)) return null;
  return { issuer: issuer ?? '', subject: subject ?? '', audience: audience ?? '', jwksUrl: jwksUrl ?? '' };
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return count;
}
