import type { PersonPage } from '../../administration/person.js';
import type { PersonRecord } from '../../administration/people.js';
import { Ago, Moment } from '../kit/format.js';
import { Fragment, h, type Child, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';
import { can, type PageContext } from '../kit/context.js';
import { StatusBadge } from './list.js';
import { StandingCard } from './standing.js';
import { Timeline } from './timeline.js';

/** One person: who they are, what they should hold and hold, and what happened. */
export function PersonView({
  context,
  found,
}: {
  readonly context: PageContext;
  readonly found: PersonPage;
}): Markup {
  const { person, standings, timeline } = found;
  return (
    <div>
      <PageHead
        title={person.user.displayName}
        lead={person.user.userName}
        crumbs={{ href: paths.people(), label: 'People' }}
      >
        <StatusBadge status={person.user.status} />
        {can(context, 'people:recheck') ? (
          <PostForm action={`${paths.person(person.user.id)}/recheck`} session={context.session}>
            <button class="button plain" type="submit">
              Look again now
            </button>
          </PostForm>
        ) : null}
      </PageHead>
      <div class="stack">
        {standings.length === 0 ? (
          <NoAccounts canConnect={can(context, 'accounts:write')} />
        ) : (
          standings.map((one) => <StandingCard standing={one} now={context.now} />)
        )}
        <div class="columns">
          <Identity person={person} now={context.now} />
          <Groups person={person} />
        </div>
        <Timeline
          entries={timeline}
          capabilities={new Map(standings.map((one) => [one.account, one.capabilities]))}
          now={context.now}
        />
      </div>
    </div>
  );
}

function NoAccounts({ canConnect }: { readonly canConnect: boolean }): Markup {
  return (
    <Card>
      <Empty title="No phone system is connected">
        <p>Connect one, and this page compares what the rules want with what the person holds there.</p>
        {canConnect ? (
          <a class="button" href={paths.newAccount()}>
            Connect a phone system
          </a>
        ) : null}
      </Empty>
    </Card>
  );
}

function Identity({ person, now }: { readonly person: PersonRecord; readonly now: Date }): Markup {
  const { user } = person;
  return (
    <Card title="Identity">
      <dl class="pairs card-body">
        <Pair name="Name">
          {[user.givenName, user.familyName].filter((part) => part !== '').join(' ') || '–'}
        </Pair>
        <Pair name="User name">{user.userName}</Pair>
        <Pair name="E-mail">{user.email ?? 'None: nobody can get an agent without one'}</Pair>
        <Pair name="IdP’s id">{user.externalId ?? '–'}</Pair>
        {attributesOf(person).map(([name, values]) => (
          <Pair name={capitalised(name)}>{values.join(', ')}</Pair>
        ))}
        <Pair name="Created">
          <Ago at={person.createdAt} now={now} />
        </Pair>
        <Pair name="Last changed">
          <Ago at={person.lastModified} now={now} />
        </Pair>
        {person.deletedAt === null ? null : (
          <Pair name="Deleted">
            <Moment at={person.deletedAt} />
          </Pair>
        )}
      </dl>
    </Card>
  );
}

function Pair({ name, children }: { readonly name: string; readonly children?: Child }): Markup {
  return (
    <Fragment>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </Fragment>
  );
}

/** Shown elsewhere on the page, or parts of values that are. */
const SHOWN_ELSEWHERE = /^(?:username|displayname|externalid|active|name\.|emails\.|meta\.|groups|urn:)/;

function attributesOf({ user }: PersonRecord): readonly (readonly [string, readonly string[]])[] {
  return Object.entries(user.attributes).filter(
    ([path, values]) => !SHOWN_ELSEWHERE.test(path) && values.some((value) => value.trim() !== ''),
  );
}

function capitalised(path: string): string {
  return path.charAt(0).toUpperCase() + path.slice(1).replaceAll('.', ' ');
}

function Groups({ person }: { readonly person: PersonRecord }): Markup {
  return (
    <Card title="Groups">
      {person.groups.length === 0 ? (
        <Empty title="In no group">
          <p>Groups come from the identity provider. Push the ones that your rules name.</p>
        </Empty>
      ) : (
        <div class="card-body row">
          {person.groups.map(({ id, displayName }) => (
            <a href={paths.people({ group: id })}>
              <Badge>{displayName}</Badge>
            </a>
          ))}
        </div>
      )}
    </Card>
  );
}
