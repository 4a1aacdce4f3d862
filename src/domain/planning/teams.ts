import { isSameNames } from '../entitlement-set.js';
import { teamKey } from '../entitlement.js';
import { type Draft, baseOf, needTeam } from './draft.js';
import type { AgentHolder, Holder } from './holder.js';
import { becauseOf, explain } from './reasons.js';
import { spellTeams } from './team-spelling.js';
import { wantedTeams } from './wish.js';
import type { World } from './world.js';

/** Team memberships: what is missing is granted, what is ours or managed and not wanted is revoked. */
export function planTeams(world: World, holder: Holder, draft: Draft): void {
  if (isAsWanted(holder)) return;
  const wanted = wantedTeams(holder.subject.derived, world.input.capabilities);
  grantTeams(world, holder, wanted, draft);
  const { agent } = holder;
  if (agent !== null) revokeTeams(world, { ...holder, agent }, wanted, draft);
}

/** The usual case, told without building anything. */
function isAsWanted({ agent, subject }: Holder): boolean {
  const { entitlements, viaTeam } = subject.derived;
  return agent !== null && isSameNames(agent.teams, entitlements.teams) && Object.keys(viaTeam).length === 0;
}

function grantTeams(
  world: World,
  { subject, target, agent }: Holder,
  wanted: ReadonlyMap<string, string>,
  draft: Draft,
): void {
  const held = new Set(agent?.teams.map(teamKey));
  for (const [key, spelling] of wanted) {
    const { name, state } = world.teams.entry(spelling);
    if (held.has(key)) continue;
    if (state !== 'exists') needTeam(draft, key, target);
    if (state === 'refused' || state === 'manual') continue;
    const because = becauseOf(subject.derived, { type: 'team', team: spelling });
    draft.changes.push({
      ...baseOf(target, 'grant', `team:${key}`, {
        reason: `Team "${name}" by ${explain(because)}.`,
        because,
      }),
      action: 'grant',
      providerUserId: agent?.providerUserId ?? null,
      entitlement: { type: 'team', team: name },
    });
  }
}

function revokeTeams(
  world: World,
  { subject, target, agent, written }: Omit<AgentHolder, 'ids'>,
  wanted: ReadonlyMap<string, string>,
  draft: Draft,
): void {
  const ours = new Set(written?.entitlements.teams.map(teamKey));
  const inDoubt = new Set(subject.derived.uncertain.teams.map(teamKey));
  for (const [key, team] of spellTeams(agent.teams)) {
    if (wanted.has(key) || inDoubt.has(key)) continue;
    const isManaged = world.input.revokeManaged && world.teams.isManaged(key);
    if (!ours.has(key) && !isManaged) continue;
    draft.changes.push({
      ...baseOf(target, 'revoke', `team:${key}`, {
        reason: ours.has(key)
          ? `No rule grants team "${team}" any longer.`
          : `Team "${team}" is managed by rules, and none grants it to this person.`,
      }),
      action: 'revoke',
      providerUserId: agent.providerUserId,
      entitlement: { type: 'team', team },
    });
  }
}
