import { hashSecret, looksLikeSecret, makeSecret } from './secrets.js';
import type { NameId } from './saml/facts.js';
import type { ActivationResult, ConsoleSession, SessionStore } from './session-ports.js';

export interface SessionLimits {
  /** Without a request. Milliseconds. */
  readonly idleMs: number;
  /** Whatever happens. Milliseconds. */
  readonly absoluteMs: number;
  /** Of a session that an opened setup link gives. Milliseconds. */
  readonly setupMs: number;
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = {
  idleMs: 60 * 60_000,
  absoluteMs: 12 * 60 * 60_000,
  setupMs: 5 * 60 * 60_000,
};

/** From the answer of the IdP to the browser's next request. */
const TICKET_MS = 2 * 60_000;
/** A session in use is written to at most this often. */
const TOUCH_MS = 60_000;

export interface SessionsDeps {
  readonly store: SessionStore;
  readonly limits: SessionLimits;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** A sign-in that was verified and waits for the browser to come back for it. */
export interface VerifiedSignIn {
  readonly tenantId: string;
  readonly userId: string;
  readonly connectionId: string;
  readonly nameId: NameId;
  readonly sessionIndex: string | null;
  /** SessionNotOnOrAfter: the IdP's own limit. */
  readonly endsBefore: Date | null;
  readonly browserHash: Buffer | null;
  readonly returnTo: string;
}

export interface StartedSession {
  /** The cookie's value. */
  readonly token: string;
  readonly expiresAt: Date;
}

export interface Sessions {
  /** Returns a ticket that the browser exchanges for a session, once and soon. */
  prepare(signIn: VerifiedSignIn): Promise<string>;
  /**
   * Exchanges a ticket. The session gets a token nobody has seen before, and the one that the browser had (`previous`)
   * ends: a session from before the sign-in must not become one after it.
   */
  activate(input: {
    readonly ticket: string;
    readonly browser: string | null;
    readonly previous: string | null;
  }): Promise<{ readonly result: ActivationResult; readonly token: string }>;
  /** Starts a session at once: for local owners and opened setup links. */
  start(input: {
    readonly tenantId: string;
    readonly actor: { readonly userId: string } | { readonly setupLinkId: string };
    readonly previous: string | null;
  }): Promise<StartedSession>;
  /** The session behind a cookie, null when there is none that still holds. */
  find(token: string | null): Promise<ConsoleSession | null>;
  end(token: string): Promise<void>;
  /** Ends every session of a tenant, the caller's too: after a break-glass sign-in nobody knows of. Returns how many. */
  endAll(tenantId: string, actor: string): Promise<number>;
  /** Single logout: ends the sessions of a person at a connection. Returns how many. */
  endByNameId(
    tenantId: string,
    connectionId: string,
    nameId: string,
    sessionIndex: string | null,
  ): Promise<number>;
  removeExpired(): Promise<number>;
}

/** Console sessions: a random cookie, its hash in the database, an idle and an absolute limit. */
export function makeSessions(deps: SessionsDeps): Sessions {
  const { store } = deps;
  return {
    prepare: (signIn) => prepareSession(deps, signIn),
    async activate({ ticket, browser, previous }) {
      const token = makeSecret();
      const result = await store.activate({
        ticketHash: hashSecret(ticket),
        browserHash: browser === null ? null : hashSecret(browser),
        tokenHash: hashSecret(token),
        now: deps.now(),
      });
      if (result.kind === 'activated') await endPrevious(deps, previous);
      return { result, token };
    },
    start: (input) => startSession(deps, input),
    find: (token) => findSession(deps, token),
    async end(token) {
      await store.revoke(hashSecret(token));
    },
    endAll(tenantId, actor) {
      const target = { targetType: 'tenant', targetId: tenantId };
      return store.revokeAll(tenantId, {
        at: deps.now(),
        actor,
        action: 'console.all-sessions-ended',
        ...target,
      });
    },
    endByNameId: (...subject) => store.revokeByNameId(...subject),
    removeExpired: () => store.removeExpired(deps.now(), before(deps.now(), deps.limits.idleMs)),
  };
}

async function prepareSession(deps: SessionsDeps, signIn: VerifiedSignIn): Promise<string> {
  const ticket = makeSecret();
  const createdAt = deps.now();
  const { endsBefore, userId, ...facts } = signIn;
  const longest = after(createdAt, deps.limits.absoluteMs);
  await deps.store.insert({
    ...facts,
    id: deps.newId(),
    tokenHash: hashSecret(ticket),
    state: 'pending',
    userId,
    setupLinkId: null,
    createdAt,
    expiresAt: after(createdAt, TICKET_MS),
    endsAt: endsBefore !== null && endsBefore < longest ? endsBefore : longest,
  });
  return ticket;
}

async function startSession(
  deps: SessionsDeps,
  { tenantId, actor, previous }: Parameters<Sessions['start']>[0],
): Promise<StartedSession> {
  const token = makeSecret();
  const createdAt = deps.now();
  const lastsMs = 'userId' in actor ? deps.limits.absoluteMs : deps.limits.setupMs;
  const expiresAt = after(createdAt, lastsMs);
  await deps.store.insert({
    tenantId,
    id: deps.newId(),
    tokenHash: hashSecret(token),
    state: 'active',
    userId: 'userId' in actor ? actor.userId : null,
    setupLinkId: 'setupLinkId' in actor ? actor.setupLinkId : null,
    connectionId: null,
    nameId: null,
    sessionIndex: null,
    browserHash: null,
    returnTo: '/',
    createdAt,
    expiresAt,
    endsAt: expiresAt,
  });
  await endPrevious(deps, previous);
  return { token, expiresAt };
}

async function findSession(deps: SessionsDeps, token: string | null): Promise<ConsoleSession | null> {
  if (token === null || !looksLikeSecret(token)) return null;
  const now = deps.now();
  const session = await deps.store.find(hashSecret(token), now, before(now, deps.limits.idleMs));
  if (session !== null && session.lastSeenAt <= before(now, TOUCH_MS)) await deps.store.touch(session, now);
  return session;
}

async function endPrevious(deps: SessionsDeps, previous: string | null): Promise<void> {
  if (previous !== null && looksLikeSecret(previous)) await deps.store.revoke(hashSecret(previous));
}

function after(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

function before(at: Date, ms: number): Date {
  return new Date(at.getTime() - ms);
}
