import type { Page } from '../../administration/page.js';
import { PEOPLE_FILTERS, type PeopleFilter, type PersonRow } from '../../administration/people.js';
import type { LinkState } from '../../domain/state.js';
import { formatCount } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge, type Tone } from '../parts/badge.js';
import { Card, Empty, PageHead, Pager } from '../parts/blocks.js';
import { SearchField } from '../parts/search-field.js';
import { paths } from '../paths.js';

export interface PeopleListed {
  readonly search: string;
  readonly filter: PeopleFilter | null;
  readonly group: { readonly id: string; readonly displayName: string } | null;
  readonly after: string | null;
  readonly total: number;
  readonly page: Page<PersonRow>;
}

const FILTER_LABELS: Readonly<Record<PeopleFilter, string>> = {
  active: 'Active',
  inactive: 'Deactivated',
  deleted: 'Deleted by the identity provider',
  parked: 'Parked, waiting for deletion',
  waiting: 'On the way to a phone system',
  failing: 'Last try failed',
};

/** People with search as one types; without script the form's button does the same. */
export function PeoplePage(listed: PeopleListed): Markup {
  const { search, filter, group, total } = listed;
  return (
    <div>
      <PageHead
        title={group === null ? 'People' : `People in ${group.displayName}`}
        lead={
          group === null
            ? formatCount(total, 'person in the directory', 'people in the directory')
            : undefined
        }
        {...(group === null ? {} : { crumbs: { href: paths.groups(), label: 'Groups' } })}
      />
      <Card>
        <form
          class="toolbar"
          method="get"
          action={paths.people()}
          role="search"
          hx-get={paths.people()}
          hx-target="#people"
          hx-swap="outerHTML"
          hx-replace-url="true"
          hx-trigger="submit, input delay:250ms"
        >
          {group === null ? null : <input type="hidden" name="group" value={group.id} />}
          <SearchField value={search} placeholder="Name, user name or e-mail" autocomplete="off" />
          <div class="field">
            <label for="filter">Show</label>
            <select id="filter" name="filter">
              <option value="">Everybody</option>
              {PEOPLE_FILTERS.map((value) => (
                <option value={value} selected={value === filter}>
                  {FILTER_LABELS[value]}
                </option>
              ))}
            </select>
          </div>
          <button class="button plain" type="submit">
            Search
          </button>
        </form>
        <PeopleRows {...listed} />
      </Card>
    </div>
  );
}

/** The part that a search replaces. */
export function PeopleRows(listed: PeopleListed): Markup {
  const { page, search, filter, group, after } = listed;
  const query = { search, filter, group: group?.id };
  return (
    <div id="people">
      {page.rows.length === 0 ? (
        <NobodyFound {...listed} />
      ) : (
        <ul class="rows">
          {page.rows.map((person) => (
            <PersonLine person={person} />
          ))}
        </ul>
      )}
      <Pager
        first={after === null ? null : paths.people(query)}
        next={page.next === null ? null : paths.people({ ...query, after: page.next })}
      />
    </div>
  );
}

function NobodyFound({ total, search, filter, group }: PeopleListed): Markup {
  if (total === 0 && search === '' && filter === null && group === null) {
    return (
      <Empty title="Nobody is in the directory yet">
        <p>
          Give your identity provider the SCIM address and a token; the people you assign to the app appear
          here.
        </p>
        <a class="button" href={paths.connections()}>
          Set up SCIM
        </a>
      </Empty>
    );
  }
  return (
    <Empty title="Nobody matches">
      <p>Try fewer letters, or show everybody.</p>
      <a class="button plain" href={paths.people()}>
        Show everybody
      </a>
    </Empty>
  );
}

function PersonLine({ person }: { readonly person: PersonRow }): Markup {
  return (
    <li>
      <div class="grow">
        <a class="cover" href={paths.person(person.id)}>
          {person.displayName}
        </a>
        <p class="quiet small">{person.userName}</p>
      </div>
      <span class="end">
        {person.isWaiting ? <Badge tone="info">On the way</Badge> : null}
        <StatusBadge status={person.status} />
        {person.agents.map(({ account, state }) => (
          <AgentBadge account={account} state={state} />
        ))}
      </span>
    </li>
  );
}

export function StatusBadge({ status }: { readonly status: PersonRow['status'] }): Markup | null {
  if (status === 'active') return null;
  return <Badge tone="warn">{status === 'deleted' ? 'Deleted in the IdP' : 'Deactivated'}</Badge>;
}

const AGENT_TONES: Readonly<Record<LinkState, { readonly tone: Tone; readonly suffix: string }>> = {
  active: { tone: 'good', suffix: '' },
  parked: { tone: 'warn', suffix: ': parked' },
  deleting: { tone: 'bad', suffix: ': being deleted' },
  deleted: { tone: 'plain', suffix: ': deleted' },
};

export function AgentBadge({
  account,
  state,
}: {
  readonly account: string;
  readonly state: LinkState;
}): Markup {
  const { tone, suffix } = AGENT_TONES[state];
  return <Badge tone={tone}>{`${account}${suffix}`}</Badge>;
}
