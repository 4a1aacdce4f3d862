import { z } from 'zod';
import { AppError } from '../domain/errors.js';
import type { AuditEntry, Tenant } from '../tenancy/ports.js';
import {
  connectionSettingsSchema,
  keyContext,
  roleRuleSchema,
  type ConnectionSettings,
  type ConnectionState,
  type IdpKind,
  type RoleRule,
  type SsoConnection,
} from './connection.js';
import { viewConnection, warningsOf, type ConnectionView } from './connection-view.js';
import { guessIdpKind, readIdpSource, type IdpSource, type ReadSource } from './idp-source.js';
import type { MetadataFetch } from './metadata-fetch.js';
import type { MetadataRefresh } from './metadata-refresh.js';
import { addressesOf, openKeys, packKeys, type PartyDeps } from './party.js';
import type { ConnectionStore } from './ports.js';
import type { CertificateWarning } from './saml/certificates.js';
import type { SamlLibrary } from './saml/library.js';
import type { KeyPair } from './saml/self-signed.js';

export type TenantRef = Pick<Tenant, 'id' | 'slug'>;

export interface ConnectionsDeps extends PartyDeps {
  readonly store: ConnectionStore;
  readonly fetch: MetadataFetch;
  readonly refresh: MetadataRefresh;
  readonly library: Pick<SamlLibrary, 'metadata'>;
  /** Makes one key pair of ours with its certificate. */
  readonly generateKeyPair: (commonName: string) => Promise<KeyPair>;
  readonly seal: (plain: string, context: readonly string[]) => string;
  readonly newId: () => string;
  readonly now: () => Date;
}

export interface NewConnection {
  readonly tenant: TenantRef;
  readonly name: string;
  readonly label?: string;
  /** Guessed from the IdP's addresses when left out. */
  readonly idpKind?: IdpKind;
  /** Left out: a draft whose own side can be shown to the IdP's admin already. */
  readonly source?: IdpSource;
  /** Partial settings; checked. */
  readonly settings?: unknown;
  readonly actor: string;
}

export interface Connections {
  /** Throws AppError `invalid`, `conflict`, or `unavailable` for a metadata address; stores nothing then. */
  create(input: NewConnection): Promise<ConnectionView>;
  list(tenant: TenantRef): Promise<readonly ConnectionView[]>;
  /** Throws AppError `notFound` that names the connections there are. */
  byName(tenant: TenantRef, name: string): Promise<SsoConnection>;
  view(tenant: TenantRef, name: string): Promise<ConnectionView>;
  /** Replaces the IdP's side. Throws AppError `conflict` for another IdP on a connection in use. */
  setIdp(tenant: TenantRef, name: string, source: IdpSource, actor: string): Promise<ConnectionView>;
  /** Changes the settings that are named. Throws AppError `invalid`. */
  setSettings(tenant: TenantRef, name: string, patch: unknown, actor: string): Promise<ConnectionView>;
  setRoleMapping(
    tenant: TenantRef,
    name: string,
    rules: readonly RoleRule[],
    actor: string,
  ): Promise<ConnectionView>;
  setState(tenant: TenantRef, name: string, state: ConnectionState, actor: string): Promise<ConnectionView>;
  /** Changes what people see of it. Throws AppError `invalid`. */
  describe(
    tenant: TenantRef,
    name: string,
    words: { readonly label?: string | undefined; readonly idpKind?: IdpKind | undefined },
    actor: string,
  ): Promise<ConnectionView>;
  /** Deletes a draft. Throws AppError `conflict` for a connection that people have signed in with. */
  removeDraft(tenant: TenantRef, name: string, actor: string): Promise<void>;
  refreshMetadata(tenant: TenantRef, name: string, actor: string): Promise<ConnectionView>;
  /** Our side as metadata XML, for the IdP's admin. */
  metadata(tenant: TenantRef, name: string): Promise<string>;
  /** IdP certificates of a tenant that run out within 60 days, by connection. */
  certificateWarnings(
    tenantId: string,
    now: Date,
  ): Promise<readonly (CertificateWarning & { readonly connection: string })[]>;
}

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** Administration of SAML connections. */
export function makeConnections(deps: ConnectionsDeps): Connections {
  const viewOf = (tenant: TenantRef, connection: SsoConnection) =>
    viewConnection(connection, addressesOf(deps, tenant.slug, connection), deps.now());
  const view = async (tenant: TenantRef, name: string) =>
    viewOf(tenant, await findByName(deps, tenant, name));
  return {
    async create(input) {
      return viewOf(input.tenant, await createConnection(deps, input));
    },
    async list(tenant) {
      return (await deps.store.list(tenant.id)).map((connection) => viewOf(tenant, connection));
    },
    byName: (tenant, name) => findByName(deps, tenant, name),
    view,
    async setIdp(tenant, name, source, actor) {
      await replaceIdp(deps, await findByName(deps, tenant, name), source, actor);
      return view(tenant, name);
    },
    async setSettings(tenant, name, patch, actor) {
      await changeSettings(deps, await findByName(deps, tenant, name), patch, actor);
      return view(tenant, name);
    },
    async setRoleMapping(tenant, name, rules, actor) {
      const roleRules = parseOrRefuse(z.array(roleRuleSchema).max(500), rules, 'role rules');
      await changeSettings(deps, await findByName(deps, tenant, name), { roleRules }, actor);
      return view(tenant, name);
    },
    async setState(tenant, name, state, actor) {
      await changeState(deps, await findByName(deps, tenant, name), state, actor);
      return view(tenant, name);
    },
    async describe(tenant, name, words, actor) {
      await changeWords(deps, await findByName(deps, tenant, name), words, actor);
      return view(tenant, name);
    },
    async removeDraft(tenant, name, actor) {
      const connection = await findByName(deps, tenant, name);
      const audit = auditOf(deps, connection, 'sso.connection-removed', actor, { name });
      if (await deps.store.removeDraft(tenant.id, connection.id, audit)) return;
      throw new AppError(
        'conflict',
        'Only drafts can be removed: the people of a connection that was in use belong to it. Switch it off instead.',
      );
    },
    async refreshMetadata(tenant, name, actor) {
      await deps.refresh.onRequest(await findByName(deps, tenant, name), actor);
      return view(tenant, name);
    },
    async metadata(tenant, name) {
      const connection = await findByName(deps, tenant, name);
      const addresses = addressesOf(deps, tenant.slug, connection);
      return deps.library.metadata(addresses, connection.settings, openKeys(deps, connection));
    },
    async certificateWarnings(tenantId, now) {
      return warningsOf(await deps.store.list(tenantId), now);
    },
  };
}

async function findByName(deps: ConnectionsDeps, tenant: TenantRef, name: string): Promise<SsoConnection> {
  const connection = await deps.store.findByName(tenant.id, name);
  if (connection !== null) return connection;
  const known = (await deps.store.list(tenant.id)).map((other) => other.name);
  throw new AppError(
    'notFound',
    `There is no connection "${name.slice(0, 60)}". ${known.length === 0 ? 'Create one with: patchbay sso create' : `Known connections: ${known.join(', ')}`}.`,
  );
}

async function createConnection(deps: ConnectionsDeps, input: NewConnection): Promise<SsoConnection> {
  const { name } = input;
  if (!NAME.test(name)) {
    throw new AppError(
      'invalid',
      `"${name.slice(0, 60)}" cannot be a connection's name. Use 1 to 40 lower-case letters, digits and hyphens, such as "okta".`,
    );
  }
  const settings = parseOrRefuse(connectionSettingsSchema, input.settings ?? {}, 'connection settings');
  const side = input.source === undefined ? null : await readIdpSource(deps.fetch, input.source);
  const connection = await assemble(deps, input, settings, side);
  const data = { name, idp: connection.idp?.entityId ?? null };
  await deps.store.insert(connection, auditOf(deps, connection, 'sso.connection-created', input.actor, data));
  return connection;
}

async function assemble(
  deps: ConnectionsDeps,
  input: NewConnection,
  settings: ConnectionSettings,
  side: ReadSource | null,
): Promise<SsoConnection> {
  const id = deps.newId();
  const createdAt = deps.now();
  const commonName = `Patchbay ${input.tenant.slug} ${input.name}`;
  const signing = await deps.generateKeyPair(`${commonName} signing`);
  const encryption = await deps.generateKeyPair(`${commonName} encryption`);
  const privateKeys = packKeys({ signing: signing.privateKey, encryption: encryption.privateKey });
  return {
    tenantId: input.tenant.id,
    id,
    name: input.name,
    label: input.label ?? input.name,
    idpKind: input.idpKind ?? (side === null ? 'generic' : guessIdpKind(side.idp)),
    state: side === null ? 'draft' : 'active',
    idp: side?.idp ?? null,
    metadata: {
      url: side?.metadataUrl ?? null,
      readAt: side === null || side.metadataUrl === null ? null : createdAt,
      problem: null,
    },
    settings,
    keys: {
      signingCertificate: signing.certificate,
      encryptionCertificate: encryption.certificate,
      sealed: deps.seal(privateKeys, keyContext(input.tenant.id, id)),
    },
    createdAt,
  };
}

async function replaceIdp(
  deps: ConnectionsDeps,
  connection: SsoConnection,
  source: IdpSource,
  actor: string,
): Promise<void> {
  const side = await readIdpSource(deps.fetch, source);
  const isOther = connection.idp !== null && connection.idp.entityId !== side.idp.entityId;
  if (isOther && connection.state !== 'draft') {
    // NameIDs of one IdP mean nobody in particular at another, yet they would open the same accounts.
    throw new AppError(
      'conflict',
      'This is the metadata of another identity provider, and people sign in with this connection already. Nothing was changed. Create a new connection for it.',
    );
  }
  const audit = auditOf(deps, connection, 'sso.idp-replaced', actor, { idp: side.idp.entityId });
  await deps.store.setIdp(connection.tenantId, connection.id, side, audit);
}

async function changeSettings(
  deps: ConnectionsDeps,
  connection: SsoConnection,
  patch: unknown,
  actor: string,
): Promise<void> {
  const given = parseOrRefuse(z.record(z.string(), z.unknown()), patch, 'connection settings');
  await deps.store.updateSettings(connection.tenantId, connection.id, (current) => {
    const settings = parseOrRefuse(connectionSettingsSchema, { ...current, ...given }, 'connection settings');
    const data = { from: current, to: settings };
    return { settings, audit: auditOf(deps, connection, 'sso.settings-changed', actor, data) };
  });
}

async function changeState(
  deps: ConnectionsDeps,
  connection: SsoConnection,
  state: ConnectionState,
  actor: string,
): Promise<void> {
  if (state === 'active' && connection.idp === null) {
    throw new AppError(
      'conflict',
      'The connection does not know its identity provider yet. Add the metadata, run a test sign-in, then switch it on.',
    );
  }
  const data = { from: connection.state, to: state };
  const audit = auditOf(deps, connection, 'sso.state-changed', actor, data);
  await deps.store.setState(connection.tenantId, connection.id, state, audit);
}

const LABEL_LENGTH_MAX = 80;

async function changeWords(
  deps: ConnectionsDeps,
  connection: SsoConnection,
  given: { readonly label?: string | undefined; readonly idpKind?: IdpKind | undefined },
  actor: string,
): Promise<void> {
  const label = (given.label ?? connection.label).trim();
  if (label === '' || label.length > LABEL_LENGTH_MAX) {
    throw new AppError('invalid', `A connection's label needs 1 to ${LABEL_LENGTH_MAX} characters.`);
  }
  const words = { label, idpKind: given.idpKind ?? connection.idpKind };
  const audit = auditOf(deps, connection, 'sso.connection-described', actor, words);
  await deps.store.describe(connection.tenantId, connection.id, words, audit);
}

function auditOf(
  deps: ConnectionsDeps,
  connection: SsoConnection,
  action: string,
  actor: string,
  data: Record<string, unknown>,
): AuditEntry {
  return { at: deps.now(), actor, action, targetType: 'sso-connection', targetId: connection.id, data };
}

function parseOrRefuse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || what}: ${issue.message}`);
  throw new AppError('invalid', `The ${what} cannot be used, nothing was stored:\n${problems.join('\n')}`);
}
