import type { z } from 'zod';

import type { World } from '../world.js';
import type { Action } from './action.js';
import { companyActions } from './company.js';
import { peopleActions } from './people.js';
import { routingActions } from './routing.js';
import { seedActions } from './seed.js';

const actions = { ...seedActions, ...peopleActions, ...routingActions, ...companyActions };

type Actions = typeof actions;
export type ActionName = keyof Actions;

/** Each action takes one object and resolves when its effect is saved. */
export type DashboardActions = {
  readonly [Name in ActionName]: (
    input: z.input<Actions[Name]['schema']>,
  ) => Promise<ReturnType<Actions[Name]['run']>>;
};

/**
 * Runs an action by name. Throws a ZodError for input that does not fit and a Refusal for what the
 * vendor would not let a person do; then nothing has changed, except that `addUsers` keeps those
 * before the one refused.
 */
export type RunAction = (name: ActionName, input: unknown) => Promise<unknown>;

export function isActionName(name: string): name is ActionName {
  return Object.hasOwn(actions, name);
}

export function makeRunAction({
  world,
  settle,
}: {
  readonly world: World;
  readonly settle: () => Promise<void>;
}): RunAction {
  return async (name, input) => {
    const chosen: Action<z.ZodType, unknown> = actions[name] as Action<z.ZodType, unknown>;
    const result = chosen.run(world, chosen.schema.parse(input));
    await settle();
    return result;
  };
}

/** The actions as methods; what they are typed as is what `run` parses and answers. */
export function makeDashboardActions(run: RunAction): DashboardActions {
  const names = Object.keys(actions).filter(isActionName);
  const methods = names.map((name) => [name, (input: unknown) => run(name, input)]);
  return Object.fromEntries(methods) as DashboardActions;
}
