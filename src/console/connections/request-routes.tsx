import { SCIM_METHODS, type ScimRequestsView } from '../../administration/scim-requests.js';
import { AppError } from '../../domain/errors.js';
import { param, queryChoice, queryCursor, queryText } from '../kit/context.js';
import type { Pages } from '../kit/pages.js';
import { page } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { RequestPage, RequestsPage } from './requests.js';

export interface RequestsDeps {
  readonly scimRequests: ScimRequestsView;
}

const PAGE_LENGTH = 50;

export function addRequests(pages: Pages, { scimRequests }: RequestsDeps): void {
  pages.get('/connections/requests', 'scim:read', async (context) => {
    const search = queryText(context, 'search').trim();
    const failedOnly = queryText(context, 'outcome') === 'failed';
    const method = queryChoice(context, 'method', SCIM_METHODS);
    const after = queryCursor(context);
    const query = { search, failedOnly, method, after, limit: PAGE_LENGTH };
    const found = await scimRequests.list(context.session.tenantId, query);
    const listed = { search, failedOnly, method, after, page: found, now: context.now };
    return page('Recent SCIM requests', <RequestsPage {...listed} />);
  });
  pages.get('/connections/requests/:id', 'scim:read', async (context) => {
    const row = await scimRequests.find(context.session.tenantId, param(context, 'id'));
    if (row !== null) return page(`${row.method} ${row.path}`, <RequestPage row={row} />);
    throw new AppError(
      'notFound',
      'This request is not kept any more. Only the last few hundred of each outcome are.',
    );
  });
}
