import { z } from 'zod';
import type { ComparisonSource } from '../../report/ports.js';
import { selectSource } from '../../report/select-source.js';
import type { ApiDeps } from '../deps.js';

/** What a list may be narrowed to. */
export const sourceQuery = z.object({
  account: z.string().max(100).optional(),
  connection: z.string().max(100).optional().describe('Name of a connection to an identity provider'),
});

/** null: all of them. Throws AppError `invalid` when both are named, `notFound` when what is named is not there. */
export async function sourceOf(
  deps: Pick<ApiDeps, 'accounts' | 'idpSources'>,
  tenantId: string,
  selection: z.output<typeof sourceQuery>,
): Promise<ComparisonSource | null> {
  return selectSource(deps, tenantId, selection);
}
