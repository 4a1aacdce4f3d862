import { AppError } from '../domain/errors.js';

export interface RecheckStore {
  /** Marks the person in every account of the tenant, with the audit event. False when there is no such person. */
  markEverywhere(
    tenantId: string,
    personId: string,
    audit: { readonly at: Date; readonly actor: string },
  ): Promise<boolean>;
}

/** Has one person looked at again in every account: what was held back or failed is tried anew. */
export function makeRecheck(deps: {
  readonly store: RecheckStore;
  readonly now: () => Date;
  /** Tells the workers; without it they find the marks at their next sweep. */
  readonly nudge: (tenantId: string) => void;
}): (input: { tenantId: string; personId: string; actor: string }) => Promise<void> {
  return async ({ tenantId, personId, actor }) => {
    if (!(await deps.store.markEverywhere(tenantId, personId, { at: deps.now(), actor }))) {
      throw new AppError('notFound', 'The directory holds no such person.');
    }
    deps.nudge(tenantId);
  };
}
