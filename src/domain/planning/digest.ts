import type { Change, Plan } from '../plan.js';
import { byCodeUnits } from '../sort.js';

/** JSON whose objects have sorted keys: `JSON.stringify` of it is the same for equal plans. */
export type Canonical =
  string | number | boolean | null | readonly Canonical[] | { readonly [key: string]: Canonical };

/**
 * What an approval is given to: the account, the policy and every change, but not the moment, the trigger or the
 * wording. Two plans that do the same have equal values, in whatever order they were found.
 */
export function planDigestInput(plan: Plan): Canonical {
  return sortKeys({
    accountId: plan.accountId,
    policy: plan.inputs.policy,
    changes: plan.changes.toSorted((a, b) => byCodeUnits(a.key, b.key)).map(effectOf),
  });
}

/**
 * What one change asks for, whoever's id the agent has by now: of a person who is to be invited, the same is asked
 * before and after.
 */
export function changeDigestInput(change: Change): Canonical {
  const { action, key, email } = change;
  return sortKeys({ key, email, action, ...detailsOf(change), providerUserId: null });
}

function effectOf(change: Change): Canonical {
  const { action, key, email } = change;
  return { key, email, action, ...detailsOf(change) };
}

function detailsOf(change: Change): { readonly [key: string]: Canonical } {
  switch (change.action) {
    case 'create':
      return {
        givenName: change.givenName,
        familyName: change.familyName,
        role: change.role,
        ...(change.settings && { settings: change.settings }),
      };
    case 'adopt':
      return { providerUserId: change.providerUserId };
    case 'update':
      return {
        providerUserId: change.providerUserId,
        before: { ...change.before },
        after: { ...change.after },
      };
    case 'grant':
    case 'revoke':
      return { providerUserId: change.providerUserId, entitlement: { ...change.entitlement } };
    case 'park':
      return { providerUserId: change.providerUserId, fact: change.fact, graceMs: change.graceMs };
    case 'restore':
      return { providerUserId: change.providerUserId };
    case 'delete':
      return { providerUserId: change.providerUserId, linkId: change.linkId };
    case 'forget':
      return { providerUserId: change.providerUserId, linkId: change.linkId, cause: change.cause };
    case 'manual':
      return { providerUserId: change.providerUserId, task: { ...change.task } };
    case 'create-team':
      return { team: change.team };
  }
}

function sortKeys(value: Canonical): Canonical {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(sortKeys);
  const entries = Object.entries(value).toSorted(([a], [b]) => byCodeUnits(a, b));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}

function isList(value: Canonical): value is readonly Canonical[] {
  return Array.isArray(value);
}
