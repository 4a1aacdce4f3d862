import type { LeaversView } from '../../administration/leavers.js';
import type { Accounts } from '../../tenancy/accounts.js';
import { queryCursor, queryText } from '../kit/context.js';
import type { Pages } from '../kit/pages.js';
import { page } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { LeaversPage } from './leavers.js';

const PAGE_LENGTH = 50;

export interface LeaversDeps {
  readonly leavers: LeaversView;
  readonly accounts: Pick<Accounts, 'list'>;
}

export function addLeavers(pages: Pages, deps: LeaversDeps): void {
  pages.get('/leavers', 'read', async (context) => {
    const { tenantId } = context.session;
    const accounts = await deps.accounts.list(tenantId);
    const account = accounts.find(({ name }) => name === queryText(context, 'account')) ?? null;
    const view = queryText(context, 'view') === 'deleted' ? 'deleted' : 'leaving';
    const after = queryCursor(context);
    const query = { view, accountId: account?.id ?? null, after, limit: PAGE_LENGTH } as const;
    const found = await deps.leavers.list(tenantId, query);
    const listed = {
      view,
      account: account?.name ?? null,
      accounts,
      after,
      page: found,
      now: context.now,
    } as const;
    return page('Leavers', <LeaversPage {...listed} />);
  });
}
