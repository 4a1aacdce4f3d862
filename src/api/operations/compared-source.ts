import { z } from 'zod';
import type { ComparisonSource } from '../../report/ports.js';
import { selectSource } from '../../report/select-source.js';
import type { ApiDeps } from '../deps.js';

/** What a list may be narrowed to. */
export const sourceQuery = z.object({
  account: z.string().max(100).optional(),
  connection: z.string().max(100).optional().describe('Name of a connection to an identity provider'),
  seats: z
    .enum(['true', 'false'])
    .optional()
    .describe('true: of the seats of the account and their use, instead of what its agents hold'),
});

/** null: all of them. Throws AppError `invalid` for a choice that names no one source, `notFound` for what is not there. */
export async function sourceOf(
  deps: Pick<ApiDeps, 'accounts' | 'idpSources'>,
  tenantId: string,
  { account, connection, seats }: z.output<typeof sourceQuery>,
): Promise<ComparisonSource | null> {
  return selectSource(deps, tenantId, { account, connection, seats: seats === 'true' });
}
