import { changeDigestInput } from './planning/digest.js';
import type { AgentFields, Change, Plan, UpdateChange } from './plan.js';

/** Two plans of the same moment, change by change; an update is taken apart by its fields. */
export interface PlanDifference {
  /** What the earlier plan does not do. */
  readonly news: readonly Change[];
  /** What both do. */
  readonly pending: readonly Change[];
  /** What only the earlier plan does, in no other way either. */
  readonly spared: readonly Change[];
}

/** What a plan does beyond `before`. null: nothing was planned before. */
export function comparePlans(plan: Plan, before: Plan | null): PlanDifference {
  const parts = plan.changes.flatMap(partsOf);
  const earlier = before?.changes.flatMap(partsOf) ?? [];
  const known = new Set(earlier.map(effectOf));
  const wanted = new Set(parts.map(identityOf));
  return {
    news: parts.filter((part) => !known.has(effectOf(part))),
    pending: parts.filter((part) => known.has(effectOf(part))),
    spared: earlier.filter((part) => !wanted.has(identityOf(part))),
  };
}

function partsOf(change: Change): readonly Change[] {
  if (change.action !== 'update') return [change];
  const fields = Object.keys(change.after) as (keyof AgentFields)[];
  return fields.map((field) => ({
    ...change,
    before: only(change.before, field),
    after: only(change.after, field),
  }));
}

function only(fields: AgentFields, field: keyof AgentFields): AgentFields {
  return field in fields ? { [field]: fields[field] } : {};
}

/** What it is about, whatever it does to it. */
function identityOf(change: Change): string {
  return change.action === 'update' ? `update:${change.subjectId}:${fieldsOf(change)}` : change.key;
}

/** Who leaves loses access either way, be it for another time of grace. */
function effectOf(change: Change): string {
  if (change.action === 'park') return change.key;
  if (change.action === 'update') return `${identityOf(change)}=${JSON.stringify(change.after)}`;
  return JSON.stringify(changeDigestInput(change));
}

function fieldsOf({ after }: UpdateChange): string {
  return Object.keys(after).join('+');
}
