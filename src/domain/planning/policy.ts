import type { Change, Notice, Plan, UpdateChange } from '../plan.js';
import { byCodeUnits } from '../sort.js';
import { removalKind } from './removal.js';

interface Steps {
  readonly changes: readonly Change[];
  readonly notices: readonly Notice[];
}

/**
 * The policy `upsert-only` adds and updates but never takes: what would remove something becomes one notice a
 * person. Forgetting a link touches nothing at the vendor and stays.
 */
export function suppressRemovals({ changes, notices }: Steps): Steps {
  const kept: Change[] = [];
  const suppressed = new Map<string, string[]>();
  const emails = new Map<string, string>();
  for (const change of changes) {
    const kind = removalKind(change);
    if (kind === null || kind === 'lose') {
      kept.push(change);
      continue;
    }
    if (change.action === 'update') kept.push(...withoutRole(change));
    emails.set(change.subjectId, change.email);
    suppressed.set(change.subjectId, [...(suppressed.get(change.subjectId) ?? []), kind]);
  }
  const said = [...suppressed].map(([subjectId, kinds]) =>
    notice(subjectId, emails.get(subjectId) ?? '', kinds),
  );
  return { changes: kept, notices: [...notices, ...said] };
}

/**
 * What may be carried out under the plan's policy: nothing under `report-only`. Safety comes on top of this.
 */
export function applicableChanges(plan: Plan): readonly Change[] {
  switch (plan.inputs.policy) {
    case 'report-only':
      return [];
    case 'upsert-only':
    case 'sync':
      return plan.changes;
  }
}

/** The update without its lower role, and without taking the agent out of reach, where anything else is left of it. */
function withoutRole(change: UpdateChange): readonly UpdateChange[] {
  const { role: _before, ...before } = change.before;
  const { role: _after, availability, ...rest } = change.after;
  const after = { ...rest, ...(availability === 'available' && { availability }) };
  const fields = Object.keys(after).toSorted();
  if (fields.length === 0) return [];
  return [{ ...change, key: `update:${change.subjectId}:${fields.join('+')}`, because: [], before, after }];
}

function notice(subjectId: string, email: string, kinds: readonly string[]): Notice {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const list = [...counts]
    .toSorted(([a], [b]) => byCodeUnits(a, b))
    .map(([kind, count]) => `${count} × ${kind}`)
    .join(', ');
  return {
    code: 'suppressed-by-policy',
    subjectId,
    providerUserId: null,
    message: `${email} would lose access (${list}), but this account's policy is upsert-only. Switch it to sync to have it done.`,
  };
}
