import { z } from 'zod';

import { createDepartment, deleteDepartment, departmentById } from '../departments.js';
import { isDestination } from '../destinations.js';
import type { DepartmentRecord, NumberRecord } from '../records.js';
import { refuse } from '../replies.js';
import { userById } from '../users.js';
import type { World } from '../world.js';
import { action } from './action.js';

const id = z.int();

export const newNumber = z.strictObject({ name: z.string().min(1), did: z.string().regex(/^\+\d{8,15}$/u) });

/** Departments, numbers, time groups and agent groups by hand. */
export const routingActions = {
  addDepartment: action(z.strictObject({ name: z.string().trim().min(1) }), (world, { name }) => ({
    departmentId: addDepartment(world, name).id,
  })),
  renameDepartment: action(z.strictObject({ departmentId: id, name: z.string().min(1) }), (world, input) => {
    departmentById(world, input.departmentId).name = input.name;
  }),
  deleteDepartment: action(z.strictObject({ departmentId: id }), (world, input) => {
    deleteDepartment(world, departmentById(world, input.departmentId));
  }),
  setMember: action(
    z.strictObject({ departmentId: id, userId: id, isMember: z.boolean() }),
    (world, input) => {
      const department = departmentById(world, input.departmentId);
      const agentId = agentOf(world, input.userId);
      const others = department.members.filter((member) => member.agentId !== agentId);
      department.members = input.isMember ? [...others, { agentId, timeout: 30 }] : others;
    },
  ),
  addNumber: action(newNumber, (world, input) => ({ numberId: addNumber(world, input).id })),
  /** A destination as the API writes it, or null for nowhere. */
  setDestination: action(
    z.strictObject({ numberId: id, destination: z.string().nullable() }),
    (world, input) => {
      const number = world.state.numbers.get(input.numberId) ?? refuse(404, 'Number not found.');
      if (input.destination !== null && !isDestination(world, input.destination)) {
        refuse(422, 'There is no such destination.');
      }
      number.destination = input.destination;
    },
  ),
  /** Lets the number ring one person's agent. */
  assignNumber: action(z.strictObject({ numberId: id, userId: id }), (world, input) => {
    const number = world.state.numbers.get(input.numberId) ?? refuse(404, 'Number not found.');
    number.destination = `agent||${agentOf(world, input.userId)}`;
  }),
  addTimeGroup: action(z.strictObject({ name: z.string().min(1) }), ({ state }, { name }) => {
    const timeGroupId = state.next.timeGroup++;
    state.timeGroups.push({ id: timeGroupId, name });
    return { timeGroupId };
  }),
  addAgentGroup: action(z.strictObject({ name: z.string().min(1) }), ({ state }, { name }) => {
    state.agentGroups.push(name);
  }),
};

export function addDepartment(world: World, name: string): DepartmentRecord {
  return createDepartment(world, {
    name,
    description: '',
    ring_strategy: 'simultaneous',
    use_as_queue: false,
    timeout_dest_type: null,
    timeout_destination: null,
    destination: [],
  });
}

export function addNumber({ state }: World, input: z.output<typeof newNumber>): NumberRecord {
  const number: NumberRecord = {
    id: state.next.number++,
    ...input,
    description: '',
    destination: null,
    smsTemplate: [],
  };
  state.numbers.add(number);
  return number;
}

function agentOf(world: World, userId: number): string {
  return userById(world, userId).agent?.id ?? refuse(422, 'This user has no agent.');
}
