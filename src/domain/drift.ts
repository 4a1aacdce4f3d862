import type { Capabilities } from './capabilities.js';
import { emailKey } from './email.js';
import { type Entitlement, type EntitlementSet, NO_ENTITLEMENTS, entitlementKey } from './entitlement.js';
import { isSameNames } from './entitlement-set.js';
import { combinedName, tidyText } from './person-name.js';
import type { DriftItem } from './plan.js';
import { type AgentSettings, settingValue } from './settings.js';
import { byCodeUnits } from './sort.js';
import type { ActualAgent, ActualState, LastWritten, Link } from './state.js';

export interface DriftInput {
  readonly links: readonly Link[];
  readonly actual: ActualState;
  /** Ids that a reading of scope `subjects` asked for. */
  readonly askedAgents: readonly string[];
  readonly capabilities: Capabilities;
  /** What is wanted of a subject: a difference that is wanted anyway is no drift. */
  readonly wishOf: (subjectId: string) => Wish | undefined;
}

export interface Wish {
  readonly email: string | null;
  readonly givenName: string;
  readonly familyName: string;
  /** Including the teams through which numbers ring. */
  readonly entitlements: EntitlementSet;
  /** As rules write them; absent: none. */
  readonly settings?: AgentSettings;
}

/**
 * Where the vendor differs from what was last applied: somebody changed it there. Of agents that were not read
 * nothing is said. Sorted by person and code.
 */
export function calculateDrift(input: DriftInput): readonly DriftItem[] {
  const agents = new Map(input.actual.agents.map((agent) => [agent.providerUserId, agent]));
  const asked = new Set(input.askedAgents);
  const items: DriftItem[] = [];
  for (const link of input.links) {
    if (link.state === 'deleted' || link.state === 'deleting') continue;
    const agent = agents.get(link.providerUserId);
    if (agent !== undefined) items.push(...driftOf(link, agent, input));
    else if (input.actual.scope === 'all' || asked.has(link.providerUserId)) {
      items.push(item(link, 'agent-missing', link.email, 'no such agent'));
    }
  }
  return items.toSorted(
    (a, b) =>
      byCodeUnits(a.subjectId, b.subjectId) ||
      byCodeUnits(a.code, b.code) ||
      byCodeUnits(a.found, b.found) ||
      byCodeUnits(a.expected, b.expected),
  );
}

function driftOf(link: Link, agent: ActualAgent, input: DriftInput): readonly DriftItem[] {
  if (link.state === 'parked') return reactivation(link, agent, input.capabilities);
  if (link.lastWritten === null) return [];
  return [
    ...profileDrift(link, link.lastWritten, agent, input),
    ...holdingDrift(link, link.lastWritten, agent, input),
    ...settingDrift(link, link.lastWritten, agent, input),
  ];
}

/**
 * A parked agent should hold nothing. What it held when parked is still being taken; anything else somebody gave
 * back.
 */
function reactivation(link: Link, agent: ActualAgent, capabilities: Capabilities): readonly DriftItem[] {
  const known = knownHoldings(link.lastWritten, capabilities);
  const held = holdings(setOf(agent), capabilities);
  const role = link.lastWritten?.entitlements.role ?? null;
  const found = [
    ...(agent.status === 'active' && capabilities.suspend ? ['active'] : []),
    ...(agent.role === null || agent.role === 'agent' || agent.role === role ? [] : [`role ${agent.role}`]),
    ...[...held].filter(([key]) => !known.has(key)).map(([, { text }]) => text),
  ];
  return found.length === 0
    ? []
    : [item(link, 'reactivated', 'nothing', found.toSorted(byCodeUnits).join(', '))];
}

function profileDrift(
  link: Link,
  written: LastWritten,
  agent: ActualAgent,
  { capabilities, wishOf }: DriftInput,
): readonly DriftItem[] {
  const wish = wishOf(link.subjectId);
  const [name, email] = [combinedName(written), written.email];
  const role = written.entitlements.role ?? written.found?.role ?? null;
  const found = tidyText(agent.name);
  return [
    ...(name === '' || found === name || (wish && found === combinedName(wish))
      ? []
      : [item(link, 'name', name, agent.name)]),
    ...([email, wish?.email ?? email].map(emailKey).includes(emailKey(agent.email))
      ? []
      : [item(link, 'email', email, agent.email)]),
    ...(role === null || agent.role === null || [role, wish?.entitlements.role].includes(agent.role)
      ? []
      : [item(link, 'role', role, agent.role)]),
    ...(capabilities.suspend && agent.status === 'suspended'
      ? [item(link, 'suspended', 'active', 'suspended')]
      : []),
  ];
}

/** Teams and numbers that appeared or went, unless the rules want it so. */
function holdingDrift(
  link: Link,
  written: LastWritten,
  agent: ActualAgent,
  { capabilities, wishOf }: DriftInput,
): readonly DriftItem[] {
  if (isAsWritten(written, agent)) return [];
  const ours = holdings(written.entitlements, capabilities);
  const known = knownHoldings(written, capabilities);
  const held = holdings(setOf(agent), capabilities);
  const wish = wishOf(link.subjectId);
  const wished = wish && holdings(wish.entitlements, capabilities);
  const added = [...held].filter(([key]) => !known.has(key) && !wished?.has(key));
  const removed = [...ours].filter(
    ([key, { entitlement }]) => !held.has(key) && wished?.has(key) !== false && isShown(entitlement, agent),
  );
  return [
    ...added.map(([, { entitlement, text }]) => ({
      ...item(link, `${entitlement.type}-added`, 'not held', text),
      entitlement,
    })),
    ...removed.map(([, { entitlement, text }]) => ({
      ...item(link, `${entitlement.type}-removed`, text, 'not held'),
      entitlement,
    })),
  ];
}

/** Whether the reading would have shown the team or number if it were held. */
function isShown(entitlement: Holding['entitlement'], { numbers, unreadKinds = [] }: ActualAgent): boolean {
  if (entitlement.type === 'team') return true;
  return numbers !== null && !unreadKinds.includes(entitlement.kind);
}

/** Settings that we wrote and that are shown otherwise, unless rules want it so by now. */
function settingDrift(
  link: Link,
  { settings: written = {} }: LastWritten,
  { settings: shown = {} }: ActualAgent,
  { capabilities, wishOf }: DriftInput,
): readonly DriftItem[] {
  const wished = wishOf(link.subjectId)?.settings ?? {};
  return (capabilities.settings ?? []).flatMap(({ name, label, value }) => {
    const [expected, found] = [written[name], shown[name]];
    if (expected === undefined || found === undefined) return [];
    const allowed = [expected, wished[name] ?? expected].map((text) => settingValue(text, value));
    if (allowed.includes(settingValue(found, value))) return [];
    return [{ ...item(link, 'setting', expected, found), setting: { name, label } }];
  });
}

/** The usual case, told without building anything. */
function isAsWritten({ entitlements }: LastWritten, { teams, numbers }: ActualAgent): boolean {
  const hasNoNumbers = (numbers === null || numbers.length === 0) && entitlements.numbers.length === 0;
  return hasNoNumbers && isSameNames(teams, entitlements.teams);
}

interface Holding {
  readonly entitlement: Extract<Entitlement, { type: 'team' | 'number' }>;
  readonly text: string;
}

/** Teams, and numbers of the kinds that the vendor's API gives: what comes through teams is told by the teams. */
function holdings(
  { teams, numbers }: EntitlementSet,
  { numberAccess }: Capabilities,
): ReadonlyMap<string, Holding> {
  const result = new Map<string, Holding>();
  const add = (entitlement: Holding['entitlement'], text: string): void => {
    result.set(entitlementKey(entitlement), { entitlement, text });
  };
  for (const team of teams) add({ type: 'team', team }, `team "${team}"`);
  for (const { number, kind } of numbers) {
    if (numberAccess[kind] === 'api') add({ type: 'number', number, kind }, `number ${number} (${kind})`);
  }
  return result;
}

function knownHoldings(written: LastWritten | null, capabilities: Capabilities): ReadonlySet<string> {
  const sets = [written?.entitlements ?? NO_ENTITLEMENTS, written?.found ?? NO_ENTITLEMENTS];
  return new Set(sets.flatMap((set) => [...holdings(set, capabilities).keys()]));
}

function setOf({ teams, numbers }: ActualAgent): EntitlementSet {
  return { ...NO_ENTITLEMENTS, teams, numbers: numbers ?? [] };
}

function item(link: Link, code: DriftItem['code'], expected: string, found: string): DriftItem {
  return { code, subjectId: link.subjectId, providerUserId: link.providerUserId, expected, found };
}
