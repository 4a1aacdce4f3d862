import type { Capabilities } from '../capabilities.js';
import { entitlementKey, teamKey } from '../entitlement.js';
import type { DerivedEntitlements } from '../mapping.js';

/**
 * The teams a person should be in, by key: those the rules grant, and those through which a granted number rings
 * where the vendor has no other way (vendors.md 1.7).
 */
export function wantedTeams(
  { entitlements, viaTeam }: DerivedEntitlements,
  { numberAccess, teams: hasTeams }: Capabilities,
): ReadonlyMap<string, string> {
  if (!hasTeams) return new Map();
  const teams = new Map(entitlements.teams.map((team) => [teamKey(team), team]));
  for (const { number, kind } of entitlements.numbers) {
    const team = viaTeam[entitlementKey({ type: 'number', number, kind })];
    if (numberAccess[kind] === 'via-team' && team !== undefined && !teams.has(teamKey(team))) {
      teams.set(teamKey(team), team);
    }
  }
  return teams;
}

/** Whether people receive a number's calls by being in a team. */
export function teamsRing({ numberAccess }: Capabilities): boolean {
  return numberAccess.assigned === 'via-team' || numberAccess.call_flow === 'via-team';
}
