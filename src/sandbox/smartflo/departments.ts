import { refuse, refuseFields } from './replies.js';
import type { DepartmentRecord } from './records.js';
import { userByAgent } from './users.js';
import type { World } from './world.js';

/** A department as a create or an update describes it: whole, members included (vendors.md 2.3). */
export interface DepartmentBody {
  readonly name: string;
  readonly description: string;
  readonly ring_strategy: string;
  readonly use_as_queue: boolean;
  readonly timeout_dest_type: string | null;
  readonly timeout_destination: string | null;
  /** `<extension>||<agent id>` each. */
  readonly destination: readonly string[];
}

export function departmentById({ state }: World, id: string | number): DepartmentRecord {
  return state.departments.get(Number(id)) ?? refuse(404, 'Department not found.');
}

export function createDepartment(world: World, body: DepartmentBody): DepartmentRecord {
  const { state } = world;
  refuseName(world, body.name, null);
  const members = readMembers(world, body.destination, []);
  const department: DepartmentRecord = { id: state.next.department++, ...fieldsOf(body), members };
  state.departments.add(department);
  return department;
}

/** Replaces everything, so that members who are not in the body are members no more. */
export function replaceDepartment(world: World, department: DepartmentRecord, body: DepartmentBody): void {
  refuseName(world, body.name, department.id);
  const members = readMembers(world, body.destination, department.members);
  Object.assign(department, fieldsOf(body), { members });
}

/** Deletes the department; numbers that led there lead nowhere. */
export function deleteDepartment({ state }: World, department: DepartmentRecord): void {
  state.departments.remove(department.id);
  for (const number of state.numbers.rows()) {
    if (number.destination === `department||${department.id}`) number.destination = null;
  }
}

function fieldsOf(body: DepartmentBody): Omit<DepartmentRecord, 'id' | 'members'> {
  return {
    name: body.name,
    description: body.description,
    ringStrategy: body.ring_strategy,
    useAsQueue: body.use_as_queue,
    timeoutDestinationType: body.timeout_dest_type,
    timeoutDestination: body.timeout_destination,
  };
}

/** Both parts must fit together: a wrong extension is refused, not corrected. */
function readMembers(
  world: World,
  destinations: readonly string[],
  before: DepartmentRecord['members'],
): DepartmentRecord['members'] {
  return destinations.map((destination) => {
    const [extension = '', agentId = ''] = destination.split('||');
    const user = userByAgent(world, agentId);
    if (user?.agent === null || user === undefined || String(user.agent.intercom) !== extension) {
      return refuseFields(422, { destination: ['The selected destination is invalid.'] });
    }
    return { agentId, timeout: before.find((member) => member.agentId === agentId)?.timeout ?? 30 };
  });
}

function refuseName({ state, settings }: World, name: string, exceptId: number | null): void {
  if ([...name].length > settings.departmentNameMax) {
    refuseFields(422, {
      name: [`The name may not be longer than ${settings.departmentNameMax} characters.`],
    });
  }
  const key = name.trim().toLowerCase();
  const isTaken = state.departments
    .rows()
    .some(({ id, name: other }) => id !== exceptId && other.toLowerCase() === key);
  if (isTaken) {
    refuseFields(settings.duplicateDepartmentStatus, { name: ['The name has already been taken.'] });
  }
}
