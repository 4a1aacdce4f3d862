import { AppError } from '../domain/errors.js';
import type { AuditEntry } from '../tenancy/ports.js';
import { announceLocalOwner } from './local-owner-notice.js';
import type { SecurityNotices } from './ports.js';
import { DEFAULT_SESSION_LIMITS } from './sessions.js';
import type { PinnedRole, SessionWindow, TeamMember, TeamSession, TeamStore } from './team-ports.js';

export interface TeamDeps {
  readonly store: TeamStore;
  readonly notices: SecurityNotices;
  readonly now: () => Date;
}

interface MemberRef {
  readonly tenantId: string;
  readonly userId: string;
  readonly actor: string;
}

/** The people of the console: their roles and their sessions. A tenant is never left without an owner. */
export interface Team {
  members(tenantId: string): Promise<readonly TeamMember[]>;
  /** Throws AppError `notFound`. */
  member(tenantId: string, userId: string): Promise<TeamMember>;
  /** Sessions that still hold, the newest first; of everybody when `userId` is null. */
  sessions(tenantId: string, userId: string | null): Promise<readonly TeamSession[]>;
  /**
   * Chooses a person's role by hand, at once and for every later sign-in; null gives it back to the identity provider.
   * Throws AppError `notFound`, `conflict` for the last owner and for local owners.
   */
  setRole(ref: MemberRef & { readonly role: PinnedRole | null }): Promise<void>;
  /** Removes a local owner. Throws AppError `notFound`, `conflict` for the last owner and for people of an IdP. */
  remove(ref: MemberRef): Promise<void>;
  /** Throws AppError `notFound`. */
  endSession(input: {
    readonly tenantId: string;
    readonly sessionId: string;
    readonly actor: string;
  }): Promise<void>;
  /** Every session of a person but `except`. Returns how many. */
  endSessionsOf(ref: MemberRef & { readonly except?: string }): Promise<number>;
}

const LAST_OWNER =
  'Nobody else is owner, so nobody could administer this organisation. Nothing was changed; make somebody else owner first.';

export function makeTeam(deps: TeamDeps): Team {
  const { store } = deps;
  const members = (tenantId: string) => store.members(tenantId, windowOf(deps));
  return {
    members,
    async member(tenantId, userId) {
      const found = (await members(tenantId)).find(({ id }) => id === userId);
      if (found !== undefined) return found;
      throw nobody();
    },
    sessions: (tenantId, userId) => store.sessions(tenantId, userId, windowOf(deps)),
    setRole: (ref) => setRole(deps, ref),
    remove: (ref) => remove(deps, ref),
    async endSession({ tenantId, sessionId, actor }) {
      const audit = auditOf(deps, 'console.session-ended', 'console-session', sessionId, actor);
      if ((await store.endSessions(tenantId, { id: sessionId }, audit)) > 0) return;
      throw new AppError('notFound', 'There is no such session; it may have ended already.');
    },
    endSessionsOf({ tenantId, userId, actor, except = null }) {
      const audit = auditOf(deps, 'console.sessions-ended', 'console-user', userId, actor);
      return store.endSessions(tenantId, { userId, except }, audit);
    },
  };
}

async function setRole(
  deps: TeamDeps,
  { tenantId, userId, actor, role }: MemberRef & { readonly role: PinnedRole | null },
): Promise<void> {
  const audit = auditOf(deps, 'console.role-changed', 'console-user', userId, actor, { pinned: role });
  switch (await deps.store.pinRole(tenantId, userId, role, audit)) {
    case 'changed':
      return;
    case 'unknown':
      throw nobody();
    case 'lastOwner':
      throw new AppError('conflict', LAST_OWNER);
    case 'local':
      throw new AppError(
        'conflict',
        'A break-glass owner is always owner. Remove the owner instead, when it is not needed any more.',
      );
  }
}

async function remove(deps: TeamDeps, { tenantId, userId, actor }: MemberRef): Promise<void> {
  const audit = auditOf(deps, 'console.local-owner-removed', 'console-user', userId, actor);
  const found = (await deps.store.members(tenantId, windowOf(deps))).find(({ id }) => id === userId);
  switch (await deps.store.remove(tenantId, userId, audit)) {
    case 'removed': {
      const name = found?.displayName ?? userId;
      await announceLocalOwner(deps.notices, { tenantId, what: 'removed', name, actor, at: deps.now() });
      return;
    }
    case 'unknown':
      throw nobody();
    case 'lastOwner':
      throw new AppError('conflict', LAST_OWNER);
    case 'ofIdp':
      throw new AppError(
        'conflict',
        'This person comes from the identity provider. Keep them out with the role “No access” instead.',
      );
  }
}

function windowOf({ now }: TeamDeps): SessionWindow {
  const at = now();
  return { at, seenAfter: new Date(at.getTime() - DEFAULT_SESSION_LIMITS.idleMs) };
}

function nobody(): AppError {
  return new AppError('notFound', 'There is no such person in this console.');
}

function auditOf(
  { now }: TeamDeps,
  action: string,
  targetType: string,
  targetId: string,
  actor: string,
  data: Readonly<Record<string, unknown>> = {},
): AuditEntry {
  return { at: now(), actor, action, targetType, targetId, data };
}
