import { AppError } from '../domain/errors.js';
import type { AuditEntry, Tenant } from '../tenancy/ports.js';
import { announceLocalOwner } from './local-owner-notice.js';
import { hashPassword, requireStrongPassword, verifyPassword } from './password.js';
import type { LocalOwner, LocalOwnerStore } from './people-ports.js';
import type { SecurityNotices } from './ports.js';
import { makeRecoveryCodes, readRecoveryCode } from './recovery-codes.js';
import type { Sessions, StartedSession } from './sessions.js';
import { makeTotpSecret, matchTotp, totpAddress } from './totp.js';

export interface LocalOwnersDeps {
  readonly findTenant: (slug: string) => Promise<Tenant | null>;
  readonly store: LocalOwnerStore;
  readonly sessions: Sessions;
  readonly notices: SecurityNotices;
  readonly seal: (plain: string, context: readonly string[]) => string;
  readonly open: (sealed: string, context: readonly string[]) => string;
  readonly log: { warn(fields: object, message: string): void };
  readonly newId: () => string;
  readonly now: () => Date;
}

export interface NewLocalOwner {
  readonly tenant: Tenant;
  readonly loginName: string;
  readonly displayName?: string;
  readonly password: string;
  readonly actor: string;
  /** False for one whose password nobody is told: that is no way in. */
  readonly isAnnounced?: boolean;
}

/** Shown once, never again. */
export interface LocalOwnerSecrets {
  readonly userId: string;
  readonly totpSecret: string;
  /** For a QR code. */
  readonly totpAddress: string;
  readonly recoveryCodes: readonly string[];
}

export interface LocalSignIn {
  readonly tenantSlug: string;
  readonly loginName: string;
  readonly password: string;
  /** From the authenticator app, or a recovery code. */
  readonly code: string;
  /** The session the browser had before. */
  readonly previous: string | null;
}

export interface LocalOwners {
  /** Throws AppError `invalid` for a weak password or a bad name, `conflict` when the name is taken. */
  create(input: NewLocalOwner): Promise<LocalOwnerSecrets>;
  /**
   * Signs in past the IdP. Always with two factors, throttled, and told to everybody. Throws AppError
   * `unauthenticated` that does not say what was wrong, `rateLimited` after too many failures.
   */
  signIn(input: LocalSignIn): Promise<StartedSession>;
  /** Removes one, with all sessions. Throws AppError `notFound`, `conflict` when nobody else is owner. */
  remove(input: {
    readonly tenant: Tenant;
    readonly loginName: string;
    readonly actor: string;
  }): Promise<void>;
}

const LOGIN_NAME = /^[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?$/;
const FREE_ATTEMPTS = 5;
/** Short, because an attacker can keep it up: it is to slow guessing down, not to lock the owner out. */
const LOCK_MS = 60_000;

/** The break-glass owner of a tenant: the way in when the IdP or its connection is broken. */
export function makeLocalOwners(deps: LocalOwnersDeps): LocalOwners {
  return {
    create: (input) => createOwner(deps, input),
    signIn: (input) => signIn(deps, input),
    async remove({ tenant, loginName, actor }) {
      const audit = auditOf(deps, { id: loginName }, 'console.local-owner-removed', actor);
      const outcome = await deps.store.remove(tenant.id, loginName.trim().toLowerCase(), audit);
      if (outcome === 'removed') {
        await announce(deps, tenant, 'removed', loginName, actor);
        return;
      }
      throw outcome === 'unknown'
        ? new AppError('notFound', `There is no local owner "${loginName.slice(0, 64)}".`)
        : new AppError(
            'conflict',
            'Nobody else is owner, so nobody could administer this tenant. Add another owner first.',
          );
    },
  };
}

async function createOwner(deps: LocalOwnersDeps, input: NewLocalOwner): Promise<LocalOwnerSecrets> {
  const { tenant, actor } = input;
  const loginName = input.loginName.trim().toLowerCase();
  if (!LOGIN_NAME.test(loginName)) {
    throw new AppError(
      'invalid',
      'The login name must have 1 to 64 lower-case letters, digits, dots, hyphens, underscores or an e-mail address.',
    );
  }
  requireStrongPassword(input.password);
  const id = deps.newId();
  const totpSecret = makeTotpSecret();
  const recoveryCodes = makeRecoveryCodes();
  const owner = {
    tenantId: tenant.id,
    id,
    loginName,
    displayName: input.displayName ?? loginName,
    passwordHash: await hashPassword(input.password),
    totpSecret: deps.seal(totpSecret, totpContext(tenant.id, id)),
    recoveryHashes: recoveryCodes.map((code) => readRecoveryCode(code)).filter((hash) => hash !== null),
    createdAt: deps.now(),
  };
  await deps.store.insert(owner, auditOf(deps, owner, 'console.local-owner-created', actor));
  if (input.isAnnounced !== false) await announce(deps, tenant, 'added', loginName, actor);
  const address = totpAddress(totpSecret, loginName, `Patchbay ${tenant.name}`);
  return { userId: id, totpSecret, totpAddress: address, recoveryCodes };
}

function announce(
  { notices, now }: LocalOwnersDeps,
  tenant: Tenant,
  what: 'added' | 'removed',
  loginName: string,
  actor: string,
): Promise<void> {
  const name = loginName.trim().toLowerCase();
  return announceLocalOwner(notices, { tenantId: tenant.id, what, name, actor, at: now() });
}

function totpContext(tenantId: string, userId: string): readonly string[] {
  return ['console-totp', tenantId, userId];
}

async function signIn(deps: LocalOwnersDeps, input: LocalSignIn): Promise<StartedSession> {
  const tenant = await deps.findTenant(input.tenantSlug);
  const owner =
    tenant === null ? null : await deps.store.find(tenant.id, input.loginName.trim().toLowerCase());
  if (tenant === null || owner === null) {
    // As slow as for somebody who exists.
    await hashPassword(input.password.slice(0, 256));
    throw refusal();
  }
  await reserveAttempt(deps, owner, readRecoveryCode(input.code) !== null);
  const means = await provenMeans(deps, owner, input);
  if (means === null) {
    await deps.store.recordFailure(owner, auditOf(deps, owner, 'console.break-glass-refused', 'local'));
    deps.log.warn({ tenantId: tenant.id, userId: owner.id }, 'break-glass sign-in refused');
    throw refusal();
  }
  return admit(deps, tenant, owner, means, input.previous);
}

function refusal(): AppError {
  return new AppError(
    'unauthenticated',
    'Name, password and code do not fit together. Each code from the app is good once; wait for the next one.',
  );
}

/** A recovery code cannot be guessed, so it opens even while guesses have locked the rest. */
async function reserveAttempt(
  deps: LocalOwnersDeps,
  owner: LocalOwner,
  evenIfLocked: boolean,
): Promise<void> {
  const now = deps.now();
  const lockUntil = new Date(now.getTime() + LOCK_MS);
  const attempt = { now, evenIfLocked, freeAttempts: FREE_ATTEMPTS, lockUntil };
  if (await deps.store.reserveAttempt(owner, attempt)) return;
  throw new AppError(
    'rateLimited',
    'Too many attempts failed. Wait a minute and try again, or use one of your recovery codes now.',
    { retryAt: owner.lockedUntil ?? lockUntil },
  );
}

type Means = 'authenticator' | 'recovery code';

/** Both factors, each judged whatever the other says; a one-time secret is spent only beside the right password. */
async function provenMeans(
  deps: LocalOwnersDeps,
  owner: LocalOwner,
  input: LocalSignIn,
): Promise<Means | null> {
  const isPassword = await verifyPassword(input.password.slice(0, 256), owner.passwordHash);
  const secret = deps.open(owner.totpSecret, totpContext(owner.tenantId, owner.id));
  const step = matchTotp(secret, input.code, deps.now());
  const recovery = readRecoveryCode(input.code);
  if (!isPassword) return null;
  if (step !== null && (await deps.store.advanceTotp(owner, step))) return 'authenticator';
  if (recovery !== null && (await deps.store.takeRecoveryCode(owner, recovery))) return 'recovery code';
  return null;
}

async function admit(
  deps: LocalOwnersDeps,
  tenant: Tenant,
  owner: LocalOwner,
  means: Means,
  previous: string | null,
): Promise<StartedSession> {
  const left = owner.recoveryCodesLeft - (means === 'recovery code' ? 1 : 0);
  await deps.store.recordSuccess(
    owner,
    auditOf(deps, owner, 'console.break-glass-signed-in', 'local', { means, recoveryCodesLeft: left }),
  );
  deps.log.warn({ tenantId: tenant.id, userId: owner.id, means }, 'break-glass sign-in');
  await deps.notices.send(tenant.id, {
    at: deps.now(),
    title: 'Somebody signed in past your identity provider',
    text:
      `The local owner "${owner.loginName}" of ${tenant.name} signed in with password and ${means}. If nobody of ` +
      `you did this, end all sessions and replace the local owner. Recovery codes left: ${left}.`,
  });
  return deps.sessions.start({ tenantId: tenant.id, actor: { userId: owner.id }, previous });
}

function auditOf(
  deps: LocalOwnersDeps,
  owner: Pick<LocalOwner, 'id'>,
  action: string,
  actor: string,
  data: Record<string, unknown> = {},
): AuditEntry {
  return { at: deps.now(), actor, action, targetType: 'console-user', targetId: owner.id, data };
}
