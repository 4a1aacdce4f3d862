import { z } from 'zod';

import { memberOf, refuse } from '../members.js';
import { ACCESS_LISTS, type NumberRecord } from '../records.js';
import { note, type World } from '../world.js';
import { action } from './action.js';

export const newNumber = z.strictObject({
  name: z.string().min(1),
  number: z.string().regex(/^\+[1-9]\d{6,14}$/u),
});

const access = z.strictObject({
  number: z.string(),
  email: z.email(),
  list: z.enum(ACCESS_LISTS),
  isGiven: z.boolean(),
});

/** What a person does with numbers. */
export const numberActions = {
  addNumber: action(newNumber, (world, input) => {
    addNumber(world, input);
  }),
  /** Puts a member into one of the three places at a number, or takes them out of it. */
  setAccess: action(access, (world, { number, email, list, isGiven }) => {
    const record = numberOf(world, number);
    const { id } = memberOf(world, email);
    const others = record[list].filter((one) => one !== id);
    record[list] = isGiven ? [...others, id] : others;
    note(world, { action: isGiven ? 'given' : 'taken', email, detail: `${number} ${list}` });
  }),
};

export function addNumber({ state }: World, input: z.output<typeof newNumber>): void {
  if (state.numbers.rows().some(({ number }) => number === input.number))
    refuse(`${input.number} is there already.`);
  state.numbers.add({ id: state.next.number++, ...input, assigned: [], callerId: [], callFlow: [] });
}

function numberOf({ state }: World, number: string): NumberRecord {
  return state.numbers.rows().find((one) => one.number === number) ?? refuse(`There is no number ${number}.`);
}
