import type { DirectoryUser } from '../directory.js';
import { type NumberAccess, type Role, entitlementKey, teamKey } from '../entitlement.js';
import type { Reason } from '../mapping.js';
import type { RuleMatch } from './match.js';
import type { TeamTemplate } from './team-template.js';

interface Held<Thing> {
  readonly thing: Thing;
  readonly reasons: Reason[];
}

interface GrantedNumber extends NumberAccess {
  readonly viaTeam: string | null;
}

/** What a list of matching rules grants together. Keys are teamKey and entitlementKey. */
export interface Grants {
  readonly roles: ReadonlyMap<Role, Held<Role>>;
  readonly teams: ReadonlyMap<string, Held<string>>;
  readonly numbers: ReadonlyMap<string, Held<GrantedNumber>>;
  /** The first rule that sets one wins. */
  readonly settings: ReadonlyMap<string, string>;
  /** Whether any of the rules grants something, as opposed to only denying. */
  readonly any: boolean;
  /** A placeholder of a team name that the person has no value for. */
  readonly missing: readonly { readonly template: string; readonly attribute: string }[];
}

export interface Denials {
  readonly account: Reason | null;
  readonly roles: ReadonlySet<Role>;
  readonly teams: ReadonlySet<string>;
  isNumberDenied(access: NumberAccess): boolean;
}

const NO_GRANTS: Grants = {
  roles: new Map(),
  teams: new Map(),
  numbers: new Map(),
  settings: new Map(),
  any: false,
  missing: [],
};
const NO_DENIALS: Denials = {
  account: null,
  roles: new Set(),
  teams: new Set(),
  isNumberDenied: () => false,
};

/** Adds up grants. Where two rules spell a team differently, the earlier rule's spelling stays. */
export function collectGrants(matches: readonly RuleMatch[], user: DirectoryUser): Grants {
  if (matches.length === 0) return NO_GRANTS;
  const roles = new Map<Role, Held<Role>>();
  const teams = new Map<string, Held<string>>();
  const numbers = new Map<string, Held<GrantedNumber>>();
  const settings = new Map<string, string>();
  const missing: { template: string; attribute: string }[] = [];
  const expand = (template: TeamTemplate): readonly string[] => {
    const expansion = template.expand(user);
    if (expansion.missing !== null) missing.push({ template: template.text, attribute: expansion.missing });
    return expansion.teams;
  };
  for (const { compiled, reason } of matches) {
    const { role } = compiled.rule.grant;
    if (role !== null) hold(roles, role, role, reason);
    for (const template of compiled.grantTeams) {
      for (const team of expand(template)) hold(teams, teamKey(team), team, reason);
    }
    for (const { grant, viaTeam } of compiled.numbers) {
      const team = viaTeam === null ? null : (expand(viaTeam)[0] ?? null);
      const key = entitlementKey({ type: 'number', number: grant.number, kind: grant.kind });
      hold(numbers, key, { number: grant.number, kind: grant.kind, viaTeam: team }, reason);
    }
    for (const { name, template } of compiled.settings) {
      const [value] = settings.has(name) ? [] : expand(template);
      if (value !== undefined) settings.set(name, value);
    }
  }
  return {
    roles,
    teams,
    numbers,
    settings,
    any: matches.some(({ compiled }) => grantsSomething(compiled.rule)),
    missing,
  };
}

export function collectDenials(matches: readonly RuleMatch[], user: DirectoryUser): Denials {
  const denying = matches.filter(({ compiled }) => compiled.denies);
  if (denying.length === 0) return NO_DENIALS;
  const numbers = new Set<string>();
  for (const { compiled } of denying) {
    for (const { number, kind } of compiled.rule.deny.numbers) numbers.add(`${kind ?? '*'}:${number}`);
  }
  return {
    account: denying.find(({ compiled }) => compiled.rule.deny.account)?.reason ?? null,
    roles: new Set(denying.flatMap(({ compiled }) => compiled.rule.deny.roles)),
    teams: new Set(
      denying.flatMap(({ compiled }) =>
        compiled.denyTeams.flatMap((team) => team.expand(user).teams.map(teamKey)),
      ),
    ),
    isNumberDenied: ({ number, kind }) => numbers.has(`*:${number}`) || numbers.has(`${kind}:${number}`),
  };
}

function grantsSomething({ grant }: RuleMatch['compiled']['rule']): boolean {
  const hasSettings = Object.keys(grant.settings ?? {}).length > 0;
  return grant.role !== null || grant.teams.length > 0 || grant.numbers.length > 0 || hasSettings;
}

function hold<Key, Thing>(map: Map<Key, Held<Thing>>, key: Key, thing: Thing, reason: Reason): void {
  const held = map.get(key);
  if (held === undefined) map.set(key, { thing, reasons: [reason] });
  else held.reasons.push(reason);
}
