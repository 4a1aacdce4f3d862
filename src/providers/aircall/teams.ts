import { teamKey } from '../../domain/entitlement.js';
import { AppError, isAppError } from '../../domain/errors.js';
import type { ActualState } from '../../domain/state.js';
import { pickTeam } from '../pick-team.js';
import type { OnReadProgress, ProviderDeps, WriteOutcome } from '../port.js';
import type { AircallClient } from './client.js';
import { readList } from './pages.js';
import { AnyObject, TeamAnswer, TeamPage, type Team } from './schema.js';

export interface Teams {
  /** All teams with their members, read now. */
  list(onProgress?: OnReadProgress): Promise<readonly Team[]>;
  /** Takes ids from an earlier listing, where there is none of our own yet. */
  recall(reading: Pick<ActualState, 'teams' | 'readAt'>): void;
  create(name: string): Promise<WriteOutcome>;
  grant(providerUserId: string, name: string): Promise<WriteOutcome>;
  revoke(providerUserId: string, name: string): Promise<WriteOutcome>;
}

/**
 * Ids are remembered this long: somebody may delete a team, or give its name to another one, at any time. As long as
 * plans go by one reading of the names.
 */
const REMEMBERED_MS = 900_000;

const APPLIED: WriteOutcome = { result: 'applied', providerId: null };
const ALREADY: WriteOutcome = { result: 'already', providerId: null };

/**
 * Teams of one Aircall company (vendors.md 1.6). Writes go by id, rules by name; names are looked up in the last
 * listing. Whatever Aircall refuses is checked against a fresh one, which says whether it was so already: neither
 * the status nor the text of the refusal is documented.
 */
export function makeTeams({
  client,
  now,
}: {
  readonly client: AircallClient;
  readonly now: ProviderDeps['now'];
}): Teams {
  let known: { readonly ids: ReadonlyMap<string, readonly TeamId[]>; readonly at: number } | null = null;

  async function list(onProgress?: OnReadProgress): Promise<readonly Team[]> {
    const call = { purpose: 'list the teams', route: '/v1/teams' };
    const teams = await readList(client, { call, page: TeamPage, what: 'teams' }, { onProgress });
    known = { ids: Map.groupBy(teams, ({ name }) => teamKey(name)), at: now() };
    return teams;
  }

  function recall({ teams, readAt }: Pick<ActualState, 'teams' | 'readAt'>): void {
    const rows = teams.map(({ providerTeamId: id, name }) => ({ id, name }));
    known ??= { ids: Map.groupBy(rows, ({ name }) => teamKey(name)), at: readAt };
  }

  async function findId(name: string): Promise<string | null> {
    if (known !== null && now() - known.at < REMEMBERED_MS) {
      const id = pick(known.ids.get(teamKey(name)) ?? [], name)?.id;
      if (id !== undefined) return id;
    }
    return pick(await list(), name)?.id ?? null;
  }

  async function create(name: string): Promise<WriteOutcome> {
    const call = { purpose: 'create a team', method: 'POST', route: '/v1/teams', body: { name } } as const;
    try {
      const { team } = await client.request(call, TeamAnswer);
      remember(team);
      return { result: 'applied', providerId: team.id };
    } catch (error) {
      if (!isAppError(error, 'invalid')) throw error;
      const existing = pick(await list(), name);
      if (existing === null) throw error;
      return { result: 'already', providerId: existing.id };
    }
  }

  function remember(team: TeamId): void {
    if (known === null) return;
    const key = teamKey(team.name);
    known = { ...known, ids: new Map(known.ids).set(key, [...(known.ids.get(key) ?? []), team]) };
  }

  async function setMember(wish: Membership): Promise<WriteOutcome> {
    const id = await findId(wish.name);
    if (id === null) return withoutTeam(wish);
    try {
      await writeMember(client, id, wish);
      return APPLIED;
    } catch (error) {
      if (!isAppError(error, 'invalid') && !isAppError(error, 'notFound')) throw error;
      return settle(wish, id, error);
    }
  }

  /** After a refusal: already so, another team of that name by now, or the refusal stands. */
  async function settle(wish: Membership, triedId: string, refusal: AppError): Promise<WriteOutcome> {
    const team = pick(await list(), wish.name);
    if (team === null) return withoutTeam(wish);
    if (team.users.some(({ id }) => id === wish.providerUserId) === wish.isMember) return ALREADY;
    if (team.id === triedId) throw refusal;
    await writeMember(client, team.id, wish);
    return APPLIED;
  }

  return {
    list,
    recall,
    create,
    grant: (providerUserId, name) => setMember({ providerUserId, name, isMember: true }),
    revoke: (providerUserId, name) => setMember({ providerUserId, name, isMember: false }),
  };
}

interface TeamId {
  readonly id: string;
  readonly name: string;
}

interface Membership {
  readonly providerUserId: string;
  readonly name: string;
  readonly isMember: boolean;
}

async function writeMember(client: AircallClient, teamId: string, wish: Membership): Promise<void> {
  await client.request(
    {
      purpose: wish.isMember ? 'add a user to a team' : 'remove a user from a team',
      method: wish.isMember ? 'POST' : 'DELETE',
      route: '/v1/teams/:teamId/users/:userId',
      params: { teamId, userId: wish.providerUserId },
    },
    AnyObject,
  );
}

/** Nobody is a member of a team that does not exist. */
function withoutTeam(wish: Membership): WriteOutcome {
  if (!wish.isMember) return ALREADY;
  throw new AppError(
    'notFound',
    `Aircall has no team "${wish.name}" any more, so nobody was added to it. The next plan creates it again.`,
  );
}

function pick<Named extends TeamId>(teams: readonly Named[], name: string): Named | null {
  return pickTeam(teams, name, { vendor: 'Aircall', teams: 'teams', where: 'the Aircall Dashboard' });
}
