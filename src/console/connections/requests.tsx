import type { Page } from '../../administration/page.js';
import {
  SCIM_METHODS,
  type ScimRequestQuery,
  type ScimRequestRow,
} from '../../administration/scim-requests.js';
import { Ago, formatBytes, Moment } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead, Pager } from '../parts/blocks.js';
import { SearchField } from '../parts/search-field.js';
import { paths } from '../paths.js';

export interface RequestsListed {
  readonly search: string;
  readonly failedOnly: boolean;
  readonly method: ScimRequestQuery['method'];
  readonly after: string | null;
  readonly page: Page<ScimRequestRow>;
  readonly now: Date;
}

const LEAD =
  'What the identity provider sent lately and what it was answered: the last 300 requests that succeeded and the last 300 that failed, for 30 days at most. Passwords and tokens are masked before anything is stored.';

/** The inspector: which request came, from whom, and how it ended. */
export function RequestsPage(listed: RequestsListed): Markup {
  const { search, failedOnly, method, after, page, now } = listed;
  const query = { search, outcome: failedOnly ? 'failed' : null, method };
  return (
    <div>
      <PageHead
        title="Recent SCIM requests"
        lead={LEAD}
        crumbs={{ href: paths.connections(), label: 'SSO and SCIM' }}
      />
      <Card>
        <Filter {...listed} />
        {page.rows.length === 0 ? (
          <NoRequests isFiltered={search !== '' || failedOnly || method !== null} />
        ) : (
          <ul class="rows">
            {page.rows.map((row) => (
              <RequestLine row={row} now={now} />
            ))}
          </ul>
        )}
        <Pager
          first={after === null ? null : paths.connections('/requests', query)}
          next={page.next === null ? null : paths.connections('/requests', { ...query, after: page.next })}
        />
      </Card>
    </div>
  );
}

function Filter({ search, failedOnly, method }: RequestsListed): Markup {
  return (
    <form class="toolbar" method="get" action={paths.connections('/requests')} role="search">
      <SearchField value={search} placeholder="An address, an e-mail, an attribute" autocomplete="off" />
      <div class="field">
        <label for="outcome">Outcome</label>
        <select id="outcome" name="outcome">
          <option value="">All</option>
          <option value="failed" selected={failedOnly}>
            Refused or failed
          </option>
        </select>
      </div>
      <div class="field">
        <label for="method">Method</label>
        <select id="method" name="method">
          <option value="">All</option>
          {SCIM_METHODS.map((one) => (
            <option value={one} selected={one === method}>
              {one}
            </option>
          ))}
        </select>
      </div>
      <button class="button plain" type="submit">
        Show
      </button>
    </form>
  );
}

function NoRequests({ isFiltered }: { readonly isFiltered: boolean }): Markup {
  if (isFiltered) {
    return (
      <Empty title="No such request">
        <a class="button plain" href={paths.connections('/requests')}>
          Show every request
        </a>
      </Empty>
    );
  }
  return (
    <Empty title="No request yet">
      <p>
        Enter the base URL and a token in the identity provider and press its test button: the request appears
        here within a second. Requests with a wrong token cannot be shown, because nobody knows whose they
        are.
      </p>
      <a class="button" href={paths.connections()}>
        Base URL and tokens
      </a>
    </Empty>
  );
}

function RequestLine({ row, now }: { readonly row: ScimRequestRow; readonly now: Date }): Markup {
  return (
    <li>
      <div class="grow">
        <a class="cover" href={paths.connections(`/requests/${row.id}`)}>
          <code>{row.method}</code> {row.path}
        </a>
        <p class="quiet small">
          {row.query === '' ? null : `?${row.query} · `}
          {row.actor} · <Ago at={row.at} now={now} /> · {row.durationMs} ms
        </p>
      </div>
      <StatusBadge status={row.status} />
    </li>
  );
}

function StatusBadge({ status }: { readonly status: number }): Markup {
  return <Badge tone={status < 400 ? 'good' : status < 500 ? 'warn' : 'bad'}>{String(status)}</Badge>;
}

/** One request and its answer. */
export function RequestPage({ row }: { readonly row: ScimRequestRow }): Markup {
  return (
    <div>
      <PageHead
        title={`${row.method} ${row.path}`}
        crumbs={{ href: paths.connections('/requests'), label: 'Recent SCIM requests' }}
      >
        <StatusBadge status={row.status} />
      </PageHead>
      <div class="stack">
        <Card>
          <dl class="pairs card-body">
            <dt>When</dt>
            <dd>
              <Moment at={row.at} />
            </dd>
            <dt>Whose token</dt>
            <dd>{row.actor}</dd>
            {row.query === '' ? null : <dt>Query</dt>}
            {row.query === '' ? null : (
              <dd>
                <code>{row.query}</code>
              </dd>
            )}
            <dt>Answered after</dt>
            <dd>{row.durationMs} ms</dd>
            <dt>Client</dt>
            <dd>{row.userAgent === '' ? 'It did not say' : row.userAgent}</dd>
            <dt>Request id</dt>
            <dd>{row.correlationId === null ? '–' : <code>{row.correlationId}</code>}</dd>
          </dl>
        </Card>
        <Body title="Request" body={row.requestBody} bytes={row.requestBytes} />
        <Body title={`Answer ${String(row.status)}`} body={row.responseBody} bytes={row.responseBytes} />
      </div>
    </div>
  );
}

function Body({
  title,
  body,
  bytes,
}: {
  readonly title: string;
  readonly body: string | null;
  readonly bytes: number;
}): Markup {
  return (
    <Card title={title} aside={<span class="quiet small">{formatBytes(bytes)}</span>}>
      <div class="card-body">
        {body === null ? (
          <p class="quiet">{bytes === 0 ? 'Without a body.' : 'Too long to be kept.'}</p>
        ) : (
          <pre tabindex="0" aria-label={title} role="region">
            {body}
          </pre>
        )}
      </div>
    </Card>
  );
}
