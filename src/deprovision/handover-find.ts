import { findHandover, findUnanswered, type Handover } from '../domain/handover.js';
import type { RuleSet } from '../domain/mapping.js';
import { speaksOf } from '../domain/rules/compile.js';
import { placeholders } from '../domain/rules/team-template.js';
import type { ActualState } from '../domain/state.js';
import { isUuid } from '../lib/ids.js';
import type { DeletionTurn } from '../reconcile/ports.js';
import type { Deletion } from './deletion.js';
import type { HandoverDeps } from './handover-ports.js';

/** What a leaver leaves without anybody, and the teams through which lines ring. */
export interface FoundHandover {
  readonly handover: Handover;
  readonly lineTeams: ReadonlyMap<string, string>;
}

/** Of somebody who is gone already, whether anybody answers by now. */
export async function findInReading(
  { directory, rules, store }: HandoverDeps,
  { account }: DeletionTurn,
  { id, state, subjectId, providerUserId, held }: Deletion,
  actual: ActualState,
): Promise<FoundHandover> {
  const ruleSet = await rules.current(account.tenantId);
  const lineTeams = lineTeamsOf(ruleSet, account.name);
  const leaving = await store.listLeaving(account);
  const input = { leaver: { providerUserId, held }, actual, leaving, lineTeams };
  const before = state === 'verified' ? await store.load(account, id) : null;
  if (before !== null) return { handover: findUnanswered(before, input), lineTeams };
  const managerEmail = await managerOf(directory, account.tenantId, subjectId);
  return { handover: findHandover({ ...input, managerEmail }), lineTeams };
}

/** The enterprise attribute `manager` holds the id of a user of the same directory (RFC 7643, section 4.3). */
async function managerOf(
  directory: HandoverDeps['directory'],
  tenantId: string,
  subjectId: string,
): Promise<string | null> {
  const { users } = await directory.snapshot(tenantId, [subjectId]);
  const attributes = users[0]?.attributes ?? {};
  const [managerId] =
    Object.entries(attributes).find(([path]) => /(?:^|:)manager\.value$/.test(path))?.[1] ?? [];
  if (managerId === undefined || !isUuid(managerId)) return null;
  const managers = (await directory.snapshot(tenantId, [managerId])).users;
  return managers.find(({ status }) => status === 'active')?.email ?? null;
}

/** Of the account's own rules; a team whose name depends on the person is no team of its own. */
function lineTeamsOf(ruleSet: RuleSet | null, accountName: string): ReadonlyMap<string, string> {
  const rules = (ruleSet?.rules ?? []).filter((rule) => speaksOf(rule, accountName));
  const grants = rules.flatMap(({ grant }) => grant.numbers);
  return new Map(
    grants.flatMap(({ number, viaTeam }): readonly (readonly [string, string])[] =>
      viaTeam === null || placeholders(viaTeam).length > 0 ? [] : [[number, viaTeam]],
    ),
  );
}
