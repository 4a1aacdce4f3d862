import type { DeliveryCounts } from '../delivery.js';
import { ringingUsers } from '../numbers.js';
import type { DeletedUser, Invoice, NumberRecord, UserRecord } from '../records.js';
import { invitationOf } from '../users.js';
import { fullName } from '../wire.js';
import type { World } from '../world.js';

/** A person with all that the API hides. */
export interface PersonView extends Readonly<UserRecord> {
  readonly name: string;
  readonly invitation: 'accepted' | 'pending' | 'expired';
  /** Lowest id first. */
  readonly teamIds: readonly number[];
}

export interface NumberView extends Readonly<NumberRecord> {
  /** Whom an inbound call rings: people named in "Ring to" and members of the teams named there. */
  readonly ringingUserIds: readonly number[];
}

/** The whole company as a person sees it in the Dashboard; a copy that no longer changes. */
export interface DashboardView {
  /** Sandbox time in milliseconds. */
  readonly now: number;
  readonly companyName: string | null;
  readonly apiUserId: number | null;
  readonly users: readonly PersonView[];
  readonly deletedUsers: readonly Readonly<DeletedUser>[];
  readonly teams: readonly {
    readonly id: number;
    readonly name: string;
    readonly memberIds: readonly number[];
  }[];
  readonly numbers: readonly NumberView[];
  readonly callCount: number;
  readonly webhookCount: number;
  readonly deliveries: DeliveryCounts;
  readonly invoices: readonly Invoice[];
}

export function dashboardView(world: World, deliveries: DeliveryCounts): DashboardView {
  const { state, clock } = world;
  const teamIds = teamIdsByUser(world);
  return structuredClone({
    now: clock.now(),
    companyName: state.companyName,
    apiUserId: state.apiUserId,
    users: state.users.rows().map((user) => ({
      ...user,
      name: fullName(user),
      invitation: invitationOf(world, user),
      teamIds: teamIds.get(user.id) ?? [],
    })),
    deletedUsers: [...state.deletedUsers.values()],
    teams: state.teams.rows().map(({ id, name, memberIds }) => ({ id, name, memberIds: [...memberIds] })),
    numbers: state.numbers.rows().map((number) => ({
      ...number,
      ringingUserIds: ringingUsers(world, number).map((user) => user.id),
    })),
    callCount: state.calls.size,
    webhookCount: state.webhooks.length,
    deliveries,
    invoices: state.invoices,
  });
}

function teamIdsByUser({ state }: World): Map<number, number[]> {
  const teamIds = new Map<number, number[]>();
  for (const team of state.teams.rows()) {
    for (const userId of team.memberIds) teamIds.set(userId, [...(teamIds.get(userId) ?? []), team.id]);
  }
  return teamIds;
}
