import type { Request, RequestHandler, Response } from 'express';
import type { ImpactOnAccount } from '../../domain/impact.js';

/** The narrow session that an opened setup link gives, as HTTP. */
export interface SetupAuth {
  /** In front of everything that asks who is there. */
  readonly load: RequestHandler;
  /** After `load`; null: no set-up is open in this browser, or not any more. */
  session(response: Response): {
    readonly tenantId: string;
    readonly setupLinkId: string;
    /** Must come back with every form. */
    readonly csrf: string;
  } | null;
  /** Whose console session the browser holds; null: nobody's. */
  signedInAs(response: Response): string | null;
  /** The session that the browser has, good or not: it ends when another begins. */
  previous(request: Request): string | null;
  begin(response: Response, token: string): void;
  clear(response: Response): void;
}

/**
 * What rules would do in the tenant's phone systems. null as text: the rules that are there already. Throws AppError
 * `invalid` for rules that cannot be used, and what asking a phone system throws.
 */
export type ReadImpact = (tenantId: string, text: string | null) => Promise<readonly ImpactOnAccount[]>;
