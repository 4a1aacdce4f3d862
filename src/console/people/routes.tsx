import { PEOPLE_FILTERS, type PeopleView } from '../../administration/people.js';
import type { PersonPage } from '../../administration/person.js';
import { AppError } from '../../domain/errors.js';
import { param, queryChoice, queryCursor, queryText, type PageContext } from '../kit/context.js';
import type { Pages } from '../kit/pages.js';
import { fragment, page, redirect } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { GroupsPage } from './groups.js';
import { PeoplePage, PeopleRows, type PeopleListed } from './list.js';
import { PersonView } from './person.js';

export interface PeopleDeps {
  readonly people: PeopleView;
  readonly readPerson: (tenantId: string, personId: string) => Promise<PersonPage>;
  /** Marks the person in every account, with its audit event. */
  readonly recheckPerson: (input: { tenantId: string; personId: string; actor: string }) => Promise<void>;
}

const PAGE_LENGTH = 50;

export function addPeople(pages: Pages, deps: PeopleDeps): void {
  pages.get('/people', 'read', async (context) => {
    const listed = await listPeople(deps, context);
    return context.isPartial
      ? fragment(<PeopleRows {...listed} />)
      : page('People', <PeoplePage {...listed} />);
  });
  pages.get('/people/:id', 'read', async (context) => {
    const found = await deps.readPerson(context.session.tenantId, param(context, 'id'));
    return page(found.person.user.displayName, <PersonView context={context} found={found} />);
  });
  pages.post('/people/:id/recheck', 'people:recheck', async (context) => {
    const personId = param(context, 'id');
    await deps.recheckPerson({ tenantId: context.session.tenantId, personId, actor: context.actor });
    return redirect(paths.person(personId), 'person-asked');
  });
  pages.get('/groups', 'read', async (context) => {
    const search = queryText(context, 'search');
    const after = queryCursor(context);
    const groups = await deps.people.groups(context.session.tenantId, { search, after, limit: PAGE_LENGTH });
    return page('Groups', <GroupsPage search={search} after={after} groups={groups} />);
  });
}

async function listPeople({ people }: PeopleDeps, context: PageContext): Promise<PeopleListed> {
  const { tenantId } = context.session;
  const search = queryText(context, 'search');
  const filter = queryChoice(context, 'filter', PEOPLE_FILTERS);
  const after = queryCursor(context);
  const group = await groupOf(people, tenantId, queryText(context, 'group'));
  const groupId = group?.id ?? null;
  const [found, total] = await Promise.all([
    people.list(tenantId, { search, filter, groupId, after, limit: PAGE_LENGTH }),
    people.count(tenantId),
  ]);
  return { search, filter, group, after, total, page: found };
}

async function groupOf(people: PeopleView, tenantId: string, id: string): Promise<PeopleListed['group']> {
  if (id === '') return null;
  const group = (await people.groupNames(tenantId)).find((one) => one.id === id);
  if (group !== undefined) return group;
  throw new AppError(
    'notFound',
    'The directory holds no such group. The identity provider may have deleted it.',
  );
}
