import type { Page } from '../../administration/page.js';
import type { GroupRow } from '../../administration/people.js';
import { formatCount } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, Empty, PageHead, Pager, Tabs } from '../parts/blocks.js';
import { SearchField } from '../parts/search-field.js';
import { paths } from '../paths.js';

/** Rules and groups belong together: one names the other. */
export function RuleTabs({ current }: { readonly current: 'rules' | 'groups' | 'history' }): Markup {
  return (
    <Tabs
      label="Groups and rules"
      tabs={[
        { label: 'Rules', href: paths.rules(), isCurrent: current === 'rules' },
        { label: 'Groups', href: paths.groups(), isCurrent: current === 'groups' },
        { label: 'History', href: paths.rules('/history'), isCurrent: current === 'history' },
      ]}
    />
  );
}

export function GroupsPage({
  search,
  after,
  groups,
}: {
  readonly search: string;
  readonly after: string | null;
  readonly groups: Page<GroupRow>;
}): Markup {
  return (
    <div>
      <PageHead
        title="Groups and rules"
        lead="The groups that the identity provider pushed. Rules name them."
      />
      <RuleTabs current="groups" />
      <Card>
        <form class="toolbar" method="get" action={paths.groups()} role="search">
          <SearchField value={search} autocomplete="off" />
          <button class="button plain" type="submit">
            Search
          </button>
        </form>
        {groups.rows.length === 0 ? <NoGroups search={search} /> : <GroupRows groups={groups} />}
        <Pager
          first={after === null ? null : paths.groups({ search })}
          next={groups.next === null ? null : paths.groups({ search, after: groups.next })}
        />
      </Card>
    </div>
  );
}

function GroupRows({ groups }: { readonly groups: Page<GroupRow> }): Markup {
  return (
    <ul class="rows">
      {groups.rows.map((group) => (
        <li>
          <div class="grow">
            <a class="cover" href={paths.people({ group: group.id })}>
              {group.displayName}
            </a>
            {group.externalId === null ? null : <p class="quiet small">{group.externalId}</p>}
          </div>
          <span class="quiet">{formatCount(group.members, 'person', 'people')}</span>
        </li>
      ))}
    </ul>
  );
}

function NoGroups({ search }: { readonly search: string }): Markup {
  if (search !== '') {
    return (
      <Empty title="No group matches">
        <a class="button plain" href={paths.groups()}>
          Show every group
        </a>
      </Empty>
    );
  }
  return (
    <Empty title="No group was pushed yet">
      <p>
        In Okta: Push Groups of the app. In Entra: assign the groups to the app. They appear here at once.
      </p>
    </Empty>
  );
}
