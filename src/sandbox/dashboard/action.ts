import type { z } from 'zod';

/** Something a person can do in the vendor's Dashboard. */
export interface Action<World, Schema extends z.ZodType, Result> {
  readonly schema: Schema;
  readonly run: (world: World, input: z.output<Schema>) => Result;
}

/** A vendor's actions by name. */
export type ActionTable<World> = Readonly<Record<string, Action<World, z.ZodType, unknown>>>;

/** Each action takes one object and resolves when its effect is saved. */
export type ActionMethods<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Action<never, infer Schema, infer Result>
    ? (input: z.input<Schema>) => Promise<Result>
    : never;
};

/**
 * Runs an action by name. Throws a ZodError for input that does not fit and a Refusal for what the vendor would not
 * let a person do; then nothing has changed, except that actions on many people keep those before the one refused.
 */
export type RunAction = (name: string, input: unknown) => Promise<unknown>;

export function makeRunAction<World>({
  world,
  actions,
  settle,
}: {
  readonly world: World;
  readonly actions: ActionTable<World>;
  readonly settle: () => Promise<void>;
}): RunAction {
  return async (name, input) => {
    const chosen = actions[name];
    if (chosen === undefined) throw new RangeError(`There is no action named ${name}.`);
    const result = chosen.run(world, chosen.schema.parse(input));
    await settle();
    return result;
  };
}

/** The actions as methods; what they are typed as is what `run` parses and answers. */
export function makeActionMethods<Table extends object>(table: Table, run: RunAction): ActionMethods<Table> {
  const methods = Object.keys(table).map((name) => [name, (input: unknown) => run(name, input)]);
  return Object.fromEntries(methods) as ActionMethods<Table>;
}
