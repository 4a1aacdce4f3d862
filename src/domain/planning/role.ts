import type { Capabilities } from '../capabilities.js';
import { ROLES, type Role, higherRole } from '../entitlement.js';
import { type Draft, type FieldChange, addNotice, baseOf } from './draft.js';
import type { AgentHolder, Holder } from './holder.js';
import { becauseOf, explain } from './reasons.js';
import type { World } from './world.js';

/**
 * The role as far as it differs. A role that the vendor does not show is compared with what was last written,
 * never with a blank: an adopted agent keeps an unknown role until a rule names one.
 */
export function roleChange({ input }: World, holder: AgentHolder, draft: Draft): FieldChange | null {
  const { subject, agent, written, byHand } = holder;
  const wanted = heldRole(subject.derived.entitlements.role, input.capabilities);
  // By hand is how roles change where the API cannot: there it is the later word.
  const said = input.capabilities.writeRole ? null : byHand.role;
  const current = agent.role ?? said ?? written?.entitlements.role ?? null;
  if (wanted === null || wanted === current || isInDoubt(wanted, current, subject.derived.uncertain.role))
    return null;
  if (current === null && subject.derived.roleIsDefault) return keepUnknown(holder, draft);
  if (input.capabilities.writeRole) return { before: { role: current }, after: { role: wanted } };
  draft.changes.push({
    ...baseOf(holder.target, 'manual', 'change-role', {
      reason: `The role should be ${wanted}, and the vendor has no API to change it.`,
      because: becauseOf(subject.derived, { type: 'role', role: wanted }),
    }),
    action: 'manual',
    providerUserId: agent.providerUserId,
    task: { kind: 'change-role', role: wanted },
  });
  return null;
}

/** The wanted role as the vendor can hold it. */
export function heldRole<Wanted extends Role | null>(wanted: Wanted, { roles }: Capabilities): Wanted | Role {
  if (wanted === null || roles === undefined || roles.includes(wanted)) return wanted;
  const below = ROLES.slice(0, ROLES.indexOf(wanted)).findLast((role) => roles.includes(role));
  return below ?? ROLES[0];
}

/**
 * Writes a role again that the vendor does not show and that somebody may have changed there since: only the very
 * role that was written last, and never that of protected people, who might lose power by it. On the schedule once it
 * is old enough; at once where something suggests a change.
 */
export function reassertRole({ input, protections }: World, holder: AgentHolder, draft: Draft): void {
  const { subject, agent, written, ids, roleSuspectedAt = null } = holder;
  const before = input.reassertRolesBefore ?? null;
  const role = written?.entitlements.role ?? null;
  if (role === null || agent.role !== null || !input.capabilities.writeRole) return;
  const writtenAt = written?.roleWrittenAt ?? 0;
  const isSuspected = roleSuspectedAt !== null && roleSuspectedAt > writtenAt;
  const isOld = before !== null && writtenAt < before;
  if (role !== subject.derived.entitlements.role || !(isSuspected || isOld)) return;
  if (protections.fromRemoval(ids).length > 0) {
    if (isSuspected) noticeSuspected(holder, role, draft);
    return;
  }
  const why = isSuspected
    ? `The vendor does not show roles, and an event of theirs suggests that somebody changed this one. ${role} is written again.`
    : `The vendor does not show roles. ${role} was written ${age(written?.roleWrittenAt, input.now)} and is written again, in case somebody changed it there.`;
  draft.changes.push({
    ...baseOf(holder.target, 'update', 'reassert-role', {
      reason: why,
      because: becauseOf(subject.derived, { type: 'role', role }),
    }),
    action: 'update',
    providerUserId: agent.providerUserId,
    before: { role },
    after: { role },
  });
}

function noticeSuspected({ subject, ids }: AgentHolder, role: Role, draft: Draft): void {
  const message = `Somebody may have changed the role of ${subject.userName} at the vendor. They are protected, so ${role} is not written again. Look at it there.`;
  addNotice(draft, 'unreadable-role', ids, message);
}

const DAY_MS = 86_400_000;

function age(writtenAt: number | undefined, now: number): string {
  return writtenAt === undefined
    ? 'at an unknown time'
    : `${Math.floor((now - writtenAt) / DAY_MS)} days ago`;
}

/** The owner overlay: given where a person is listed, taken only where it was given by us. */
export function planOwner({ input }: World, holder: Holder, draft: Draft): void {
  if (!input.capabilities.owners) return;
  const { subject, target, agent, written, byHand } = holder;
  const isOwner = agent?.owner ?? byHand.owner ?? written?.entitlements.owner ?? false;
  const wanted = subject.derived.entitlements.owner;
  if (wanted === isOwner) return;
  if (!wanted && written?.entitlements.owner !== true && byHand.owner !== true) return;
  const because = becauseOf(subject.derived, { type: 'owner' });
  const reason = wanted ? `Owner by ${explain(because)}.` : 'No longer on the owner list.';
  const providerUserId = agent?.providerUserId ?? null;
  if (!input.capabilities.writeOwner) {
    const kind = wanted ? 'make-owner' : 'remove-owner';
    const base = baseOf(target, 'manual', kind, { reason, because });
    draft.changes.push({ ...base, action: 'manual', providerUserId, task: { kind } });
    return;
  }
  const entitlement = { type: 'owner' } as const;
  if (wanted) {
    const base = baseOf(target, 'grant', 'owner', { reason, because });
    draft.changes.push({ ...base, action: 'grant', providerUserId, entitlement });
  } else if (providerUserId !== null) {
    draft.changes.push({
      ...baseOf(target, 'revoke', 'owner', { reason }),
      action: 'revoke',
      providerUserId,
      entitlement,
    });
  }
}

/** Whether a lower role would be written that a rule in doubt might turn out to forbid. */
function isInDoubt(wanted: Role, current: Role | null, uncertain: Role | null): boolean {
  if (uncertain === null) return false;
  return current === null || higherRole(wanted, current) === current;
}

function keepUnknown({ subject, written, ids }: AgentHolder, draft: Draft): null {
  if (written === null) {
    const message = `The vendor does not show the role of ${subject.userName}, and no rule names one: it stays as it is. Grant a role by rule to have it set.`;
    addNotice(draft, 'unreadable-role', ids, message);
  }
  return null;
}
