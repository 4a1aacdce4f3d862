import type { RemovalsView } from '../../administration/removals.js';
import { AppError } from '../../domain/errors.js';
import { param, queryCursor, type PageContext } from '../kit/context.js';
import type { Pages } from '../kit/pages.js';
import { page, type PageResult } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { RemovalPage, RemovalsPage } from './removals.js';

const PAGE_LENGTH = 50;

export interface RemovalsDeps {
  readonly removals: RemovalsView;
}

/** Before the routes of single leavers: the word is no leaver's id. */
export function addRemovals(pages: Pages, { removals }: RemovalsDeps): void {
  pages.get('/leavers/removals', 'audit:read', async (context) => {
    const after = queryCursor(context);
    const found = await removals.list(context.session.tenantId, { after, limit: PAGE_LENGTH });
    return page('Expired recordings', <RemovalsPage after={after} page={found} />);
  });
  pages.get('/leavers/removals/:id', 'audit:read', (context) => showRemoval(removals, context));
}

async function showRemoval(removals: RemovalsView, context: PageContext): Promise<PageResult> {
  const { tenantId } = context.session;
  const id = param(context, 'id');
  const removal = await removals.find(tenantId, id);
  if (removal === null) throw new AppError('notFound', 'There is no such removal.');
  const after = queryCursor(context);
  const found = await removals.objects(tenantId, id, { after, limit: PAGE_LENGTH });
  return page('Expired recordings', <RemovalPage removal={removal} after={after} page={found} />);
}
