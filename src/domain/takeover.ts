import type { Capabilities } from './capabilities.js';
import { entitlementKey, type AccessKind, type Entitlement, type EntitlementSet } from './entitlement.js';
import type { Handover } from './handover.js';

/** What somebody takes over from a leaver: wanted of them like what rules grant, until it is taken back. */
export interface Takeover {
  readonly entitlement: TakenOver;
  /** The leaver's e-mail, for the reason. */
  readonly from: string;
  /** Who decided it. */
  readonly by: string;
}

export type TakenOver = Extract<Entitlement, { readonly type: 'team' | 'number' }>;

export interface TakeoverInput {
  readonly handover: Pick<Handover, 'lines' | 'emptyTeams'>;
  /** What the leaver held when parked. */
  readonly held: EntitlementSet | null;
  readonly capabilities: Pick<Capabilities, 'teams' | 'numberAccess'>;
  /** The team on which each line rings, where the rules name one. */
  readonly lineTeams: ReadonlyMap<string, string>;
}

export interface TakeoverWrites {
  /** What the successor is to be given by the vendor's own writes, each once. */
  readonly grants: readonly TakenOver[];
  /** Lines that no write can put on one person: by number, with the kind of access they need. */
  readonly byHand: ReadonlyMap<string, AccessKind>;
}

/**
 * What one person has to be given so that they answer what a leaver leaves without anybody: the lines by a write of
 * their own, or through the team that they ring, and the teams that are empty now.
 */
export function takeoverWrites(input: TakeoverInput): TakeoverWrites {
  const { handover, capabilities, lineTeams } = input;
  const grants: TakenOver[] = capabilities.teams
    ? handover.emptyTeams.map((team) => ({ type: 'team', team }))
    : [];
  const byHand = new Map<string, AccessKind>();
  for (const { number } of handover.lines) {
    const team = capabilities.teams ? lineTeams.get(number) : undefined;
    if (team !== undefined) grants.push({ type: 'team', team });
    for (const kind of team === undefined ? kindsOf(input, number) : []) {
      if (capabilities.numberAccess[kind] === 'api') grants.push({ type: 'number', number, kind });
      else byHand.set(number, kind);
    }
  }
  return { grants: eachOnce(grants), byHand };
}

/** As the leaver was on the line; calling out alone answers nothing. Of a line that was theirs by default: to ring. */
function kindsOf({ held }: TakeoverInput, number: string): readonly AccessKind[] {
  const kinds = (held?.numbers ?? []).flatMap((one) =>
    one.number === number && one.kind !== 'outbound' ? [one.kind] : [],
  );
  return kinds.length === 0 ? ['assigned'] : kinds;
}

/** For people, such as in a sentence. */
export function describeTakenOver(grant: TakenOver): string {
  return grant.type === 'team' ? `the team "${grant.team}"` : grant.number;
}

/** Both together, each thing once: what was given stays given when the line is answered for it. */
export function eachOnce(grants: readonly TakenOver[]): readonly TakenOver[] {
  return [...new Map(grants.map((grant) => [entitlementKey(grant), grant])).values()];
}
