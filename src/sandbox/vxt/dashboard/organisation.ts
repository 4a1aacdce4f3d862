import { z } from 'zod';

import { memberList } from '../export.js';
import { inviteMember } from '../members.js';
import { action } from './action.js';
import { addNumber, newNumber } from './numbers.js';

const organisation = z.strictObject({
  name: z.string().min(1),
  admin: z.strictObject({ email: z.email(), name: z.string().min(1) }),
  numbers: z.array(newNumber).default([]),
});

export const organisationActions = {
  /** Fills an empty sandbox. On one that has its organisation already it changes nothing. */
  seedOrganisation: action(organisation, (world, { name, admin, numbers }) => {
    if (world.state.organisation !== null) return;
    world.state.organisation = name;
    Object.assign(inviteMember(world, admin), { role: 'Admin', status: 'Active' });
    for (const number of numbers) addNumber(world, number);
  }),
  /** The member list as a file, and the moment of which it tells. */
  exportMembers: action(z.strictObject({}), (world) => ({
    csv: memberList(world),
    exportedAt: world.clock.now(),
  })),
  /** Moves the sandbox's time forward. */
  advanceClock: action(z.strictObject({ ms: z.number().min(0) }), ({ clock }, { ms }) => {
    clock.advance(ms);
    return { now: clock.now() };
  }),
};
