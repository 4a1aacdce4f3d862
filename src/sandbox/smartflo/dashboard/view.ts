import type { DepartmentRecord, NumberRecord, RoleRecord, UserRecord } from '../records.js';
import type { World } from '../world.js';

/** A user with their role's name and what they are in. */
export interface PersonView extends Readonly<Omit<UserRecord, 'passwordHash'>> {
  readonly roleName: string;
  /** Names, sorted. */
  readonly departments: readonly string[];
}

/** The whole account as a person sees it in the portal; a copy that no longer changes. */
export interface DashboardView {
  /** Sandbox time in milliseconds. */
  readonly now: number;
  readonly companyName: string | null;
  readonly users: readonly PersonView[];
  readonly deletedUserIds: readonly number[];
  readonly departments: readonly Readonly<DepartmentRecord>[];
  readonly numbers: readonly Readonly<NumberRecord>[];
  readonly roles: readonly RoleRecord[];
  readonly callCount: number;
}

export function dashboardView({ state, clock }: World): DashboardView {
  const departments = state.departments.rows();
  return structuredClone({
    now: clock.now(),
    companyName: state.companyName,
    users: state.users.rows().map(({ passwordHash: _passwordHash, ...user }) => ({
      ...user,
      roleName: state.roles.find(({ id }) => id === user.roleId)?.name ?? '',
      departments: departments
        .filter(({ members }) => members.some(({ agentId }) => agentId === user.agent?.id))
        .map(({ name }) => name)
        .toSorted(),
    })),
    deletedUserIds: state.deletedUserIds,
    departments,
    numbers: state.numbers.rows(),
    roles: state.roles,
    callCount: state.calls.length,
  });
}
