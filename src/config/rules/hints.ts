import type { MappingRule, RuleSet } from '../../domain/mapping.js';
import { teamKey } from '../../domain/entitlement.js';
import type { RuleSource } from './problems.js';
import { lineAt } from './position.js';

/** Something that is allowed and probably not meant. */
export interface RuleFileHint {
  readonly line: number;
  readonly ruleId: string;
  readonly message: string;
}

/** Traps in rules that are valid as such. */
export function findHints({ document, lines }: RuleSource, ruleSet: RuleSet): readonly RuleFileHint[] {
  return ruleSet.rules.flatMap((rule, position) =>
    [outboundTrap(rule), ownDenial(rule)]
      .filter((message) => message !== null)
      .map((message) => ({ line: lineAt(document, lines, ['rules', position]), ruleId: rule.id, message })),
  );
}

/** vendors.md 1.7: in a team that rings, an outbound-only person receives calls all the same. */
function outboundTrap({ grant }: MappingRule): string | null {
  const outbound = grant.numbers.find(({ kind }) => kind === 'outbound');
  const rings = grant.teams.length > 0 || grant.numbers.some(({ viaTeam }) => viaTeam !== null);
  if (outbound === undefined || !rings) return null;
  return `grants ${outbound.number} for outbound calls only, and a team as well. Where that team rings on a number, these people receive calls all the same: keep outbound-only people out of teams that ring.`;
}

function ownDenial({ grant, deny }: MappingRule): string | null {
  const denied = new Set(deny.teams.map(teamKey));
  const team = grant.teams.find((name) => denied.has(teamKey(name)));
  const isPointless =
    team !== undefined || deny.account || (grant.role !== null && deny.roles.includes(grant.role));
  if (!isPointless || isEmpty({ grant })) return null;
  return 'grants something that it denies itself. The denial wins, so the grant has no effect.';
}

function isEmpty({ grant }: Pick<MappingRule, 'grant'>): boolean {
  return grant.role === null && grant.teams.length === 0 && grant.numbers.length === 0;
}
