import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import type { Clock } from '../../lib/clock.js';
import type { IdpDefinition, IdpFacts, IdpKind, IdpReader } from '../idp-port.js';
import type { IdpSourceStore } from './ports.js';
import { idpSecretContext, idpSettingsSchema, type IdpSettings, type IdpSource } from './source.js';

export interface IdpSourcesDeps {
  readonly sources: IdpSourceStore;
  readonly definitions: Readonly<Record<IdpKind, IdpDefinition>>;
  /** Opens a reader on settings that are not stored yet, too. */
  readonly open: (definition: IdpDefinition, config: unknown, secrets: unknown) => IdpReader;
  readonly encrypt: (plain: string, context: readonly string[]) => string;
  /** Throws AppError `credential` when the key is gone. */
  readonly decrypt: (envelope: string, context: readonly string[]) => string;
  readonly clock: Clock;
  readonly newId: () => string;
}

export interface NewIdpSource {
  readonly tenantId: string;
  readonly name: string;
  readonly kind: IdpKind;
  readonly config: unknown;
  readonly secrets: unknown;
  readonly settings?: unknown;
  readonly actor: string;
}

/** Administration of connections to identity providers' APIs. */
export interface IdpSources {
  /** Tries the credential first. Throws what the reader threw, `invalid` or `conflict`; stores nothing then. */
  create(input: NewIdpSource): Promise<{ readonly source: IdpSource; readonly facts: IdpFacts }>;
  list(tenantId: string): Promise<readonly IdpSource[]>;
  /** Throws AppError `notFound`. */
  get(tenantId: string, sourceId: string): Promise<IdpSource>;
  /** Throws AppError `notFound` that names the connections there are. */
  byName(tenantId: string, name: string): Promise<IdpSource>;
  /** Tries the stored credential: what it reaches. Throws what the reader throws. */
  test(source: IdpSource): Promise<IdpFacts>;
  /** The vendor's own settings; tried with the stored credential first. */
  setConfig(source: IdpSource, config: unknown, actor: string): Promise<IdpFacts>;
  setSettings(source: IdpSource, settings: unknown, actor: string): Promise<IdpSettings>;
  /** Tried first; a connection that was paused goes on. */
  setSecrets(source: IdpSource, secrets: unknown, actor: string): Promise<IdpFacts>;
  remove(source: IdpSource, actor: string): Promise<void>;
  /** A reader on a stored connection; whoever opens it closes it. */
  open(source: IdpSource): IdpReader;
}

export function makeIdpSources(deps: IdpSourcesDeps): IdpSources {
  const { sources, definitions, clock } = deps;
  const audit = (verb: string, actor: string, data: Readonly<Record<string, unknown>> = {}) => ({
    at: clock.now(),
    actor,
    action: `idp.${verb}`,
    data,
  });
  const secretsOf = (source: IdpSource): unknown =>
    JSON.parse(deps.decrypt(source.secrets, idpSecretContext(source.tenantId, source.id)));
  return {
    create: (input) => create(deps, input),
    list: (tenantId) => sources.list(tenantId),
    async get(tenantId, sourceId) {
      const found = await sources.find(tenantId, sourceId);
      if (found !== null) return found;
      throw new AppError('notFound', 'There is no such connection to an identity provider.');
    },
    byName: (tenantId, name) => findByName(deps, tenantId, name),
    test: (source) => validate(deps, definitions[source.kind], source.config, secretsOf(source)),
    async setConfig(source, config, actor) {
      const definition = definitions[source.kind];
      const parsed = parse(definition.configSchema, config, `${definition.displayName} settings`);
      const facts = await validate(deps, definition, parsed, secretsOf(source));
      const stored = z.record(z.string(), z.unknown()).parse(parsed);
      await sources.update(source.tenantId, source.id, { config: stored }, audit('config-changed', actor));
      return facts;
    },
    async setSettings(source, settings, actor) {
      const parsed = parse(idpSettingsSchema, settings, 'connection settings');
      const data = { from: source.settings, to: parsed };
      await sources.update(
        source.tenantId,
        source.id,
        { settings: parsed },
        audit('settings-changed', actor, data),
      );
      return parsed;
    },
    async setSecrets(source, secrets, actor) {
      const definition = definitions[source.kind];
      const parsed = parse(definition.secretSchema, secrets, `${definition.displayName} credential`);
      const facts = await validate(deps, definition, source.config, parsed);
      const context = idpSecretContext(source.tenantId, source.id);
      const change = { secrets: deps.encrypt(JSON.stringify(parsed), context), pausedReason: null };
      await sources.update(source.tenantId, source.id, change, audit('credential-replaced', actor));
      return facts;
    },
    remove: (source, actor) =>
      sources.remove(source.tenantId, source.id, audit('removed', actor, { name: source.name })),
    open: (source) => deps.open(definitions[source.kind], source.config, secretsOf(source)),
  };
}

async function findByName({ sources }: IdpSourcesDeps, tenantId: string, name: string): Promise<IdpSource> {
  const all = await sources.list(tenantId);
  const found = all.find((source) => source.name === name);
  if (found !== undefined) return found;
  const known =
    all.length === 0
      ? 'Connect one with: patchbay idp connect'
      : `Known connections: ${all.map((source) => source.name).join(', ')}.`;
  throw new AppError('notFound', `There is no connection "${name}" to an identity provider. ${known}`);
}

const NAME_MAX_CHARS = 60;

async function create(
  deps: IdpSourcesDeps,
  input: NewIdpSource,
): Promise<{ source: IdpSource; facts: IdpFacts }> {
  const name = input.name.trim();
  if (name === '' || name.length > NAME_MAX_CHARS) {
    throw new AppError('invalid', `Give the connection a name of 1 to ${NAME_MAX_CHARS} characters.`);
  }
  const definition = deps.definitions[input.kind];
  const config = parse(definition.configSchema, input.config, `${definition.displayName} settings`);
  const secrets = parse(definition.secretSchema, input.secrets, `${definition.displayName} credential`);
  const settings = parse(idpSettingsSchema, input.settings ?? {}, 'connection settings');
  const facts = await validate(deps, definition, config, secrets);
  const id = deps.newId();
  const source: IdpSource = {
    tenantId: input.tenantId,
    id,
    name,
    kind: input.kind,
    config: z.record(z.string(), z.unknown()).parse(config),
    secrets: deps.encrypt(JSON.stringify(secrets), idpSecretContext(input.tenantId, id)),
    settings,
    pausedReason: null,
    comparedAt: null,
    createdAt: deps.clock.now(),
  };
  const data = { name, kind: input.kind };
  await deps.sources.insert(source, {
    at: source.createdAt,
    actor: input.actor,
    action: 'idp.connected',
    data,
  });
  return { source, facts };
}

async function validate(
  { open }: IdpSourcesDeps,
  definition: IdpDefinition,
  config: unknown,
  secrets: unknown,
): Promise<IdpFacts> {
  const reader = open(definition, config, secrets);
  try {
    return await reader.validate();
  } finally {
    await reader.close();
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || what}: ${issue.message}`);
  throw new AppError('invalid', `The ${what} cannot be used, nothing was stored:\n${problems.join('\n')}`);
}
