import type { Page } from '../../administration/page.js';
import { TASK_STATES, type TaskRow, type TaskState } from '../../administration/worklist.js';
import { can, type PageContext } from '../kit/context.js';
import { h, type Markup } from '../markup/markup.js';
import { AccountSelect } from '../parts/account-select.js';
import { Card, Empty, PageHead, Pager, Tabs } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { TaskLine } from '../parts/task-line.js';
import { SearchField } from '../parts/search-field.js';
import { paths } from '../paths.js';
import { ManyBar, TaskMark } from './many.js';

export interface TasksListed {
  readonly state: TaskState;
  readonly isMine: boolean;
  readonly account: string | null;
  readonly search: string;
  readonly accounts: readonly { readonly name: string }[];
  readonly after: string | null;
  readonly page: Page<TaskRow>;
  readonly context: PageContext;
}

const STATE_LABELS: Readonly<Record<TaskState, string>> = {
  open: 'Open',
  done: 'Done',
  obsolete: 'Not needed',
};

export function WorklistPage(listed: TasksListed): Markup {
  const { state, isMine, account, search, accounts, after, page } = listed;
  const query = { state: state === 'open' ? null : state, mine: isMine ? 'yes' : null, account, search };
  return (
    <div>
      <PageHead
        title="Worklist"
        lead="What the vendor has no API for. A reconciliation closes a task when it sees it done, and opens it again when it was not."
      />
      <Tabs
        label="Tasks"
        tabs={[
          ...TASK_STATES.map((value) => ({
            label: STATE_LABELS[value],
            href: paths.worklist({ state: value === 'open' ? null : value, account, search }),
            isCurrent: value === state && !isMine,
          })),
          { label: 'Mine', href: paths.worklist({ mine: 'yes', account, search }), isCurrent: isMine },
        ]}
      />
      <Card>
        <form class="toolbar" method="get" action={paths.worklist()} role="search">
          <input type="hidden" name="state" value={state} />
          {isMine ? <input type="hidden" name="mine" value="yes" /> : null}
          <SearchField value={search} placeholder="Person, number or team" />
          <AccountSelect accounts={accounts} selected={account} />
          <button class="button plain" type="submit">
            Show
          </button>
        </form>
        {page.rows.length === 0 ? <NoTask {...listed} /> : <Tasks {...listed} query={{ ...query, after }} />}
        <Pager
          first={after === null ? null : paths.worklist(query)}
          next={page.next === null ? null : paths.worklist({ ...query, after: page.next })}
        />
      </Card>
    </div>
  );
}

/** Open tasks can be worked on together by whoever may. */
function Tasks({ state, context, page, query }: TasksListed & { readonly query: TaskListQuery }): Markup {
  const { session, now } = context;
  if (state !== 'open' || !can(context, 'worklist:work')) {
    return (
      <ul class="rows">
        {page.rows.map((task) => (
          <TaskLine task={task} now={now} />
        ))}
      </ul>
    );
  }
  return (
    <PostForm action={paths.manyTasks(query)} session={session}>
      <ul class="rows">
        {page.rows.map((task) => (
          <TaskLine task={task} now={now}>
            <TaskMark task={task} />
          </TaskLine>
        ))}
      </ul>
      <ManyBar />
    </PostForm>
  );
}

type TaskListQuery = Parameters<typeof paths.manyTasks>[0];

function NoTask({ state, isMine, account, search }: TasksListed): Markup {
  if (search !== '' || account !== null || isMine) {
    return (
      <Empty title="No such task">
        <a class="button plain" href={paths.worklist()}>
          Show every open task
        </a>
      </Empty>
    );
  }
  return (
    <Empty title={state === 'open' ? 'Nothing to do by hand' : 'No such task'}>
      <p>
        Tasks open by themselves when a plan needs something that only a person in the vendor’s dashboard can
        do.
      </p>
    </Empty>
  );
}
