import { CHECKLIST, type TaskRow } from '../../administration/worklist.js';
import type { Step } from '../../manual/ports.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago, Moment } from '../kit/format.js';
import { icons } from '../layout/icons.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { TaskBadges } from '../parts/task-line.js';
import { paths } from '../paths.js';
import { assigneeOf } from './assignee.js';
import { ChecklistCard } from './checklist.js';

/** One task: the steps, whose it is, what was said about it. */
export function TaskPage({
  context,
  task,
  steps,
}: {
  readonly context: PageContext;
  readonly task: TaskRow;
  /** Of a checklist; empty for any other task. */
  readonly steps: readonly Step[];
}): Markup {
  return (
    <div>
      <PageHead title={task.title} lead={task.account} crumbs={{ href: paths.worklist(), label: 'Worklist' }}>
        <TaskBadges task={task} now={context.now} />
      </PageHead>
      <div class="columns">
        {steps.length > 0 ? (
          <ChecklistCard context={context} task={task} steps={steps} />
        ) : (
          <StepsCard task={task} />
        )}
        <Card title="State">
          <div class="card-body stack">
            <TaskFacts task={task} now={context.now} />
            {task.kind !== CHECKLIST || task.personId === null ? null : (
              <a href={paths.person(task.personId)}>About this person</a>
            )}
            {can(context, 'worklist:work') ? <TaskActions context={context} task={task} /> : null}
          </div>
        </Card>
      </div>
    </div>
  );
}

function StepsCard({ task }: { readonly task: TaskRow }): Markup {
  return (
    <Card title="Steps">
      <div class="card-body stack">
        <ol class="steps">
          {task.steps.map((step) => (
            <li>{step}</li>
          ))}
        </ol>
        <p class="row">
          {task.link === null ? null : (
            <a class="button" href={task.link} rel="noreferrer noopener" target="_blank">
              Open the dashboard
              <icons.external />
              <span class="hidden"> in a new tab</span>
            </a>
          )}
          {task.personId === null ? null : <a href={paths.person(task.personId)}>About this person</a>}
        </p>
      </div>
    </Card>
  );
}

function TaskFacts({ task, now }: { readonly task: TaskRow; readonly now: Date }): Markup {
  return (
    <dl class="pairs">
      <dt>Opened</dt>
      <dd>
        <Ago at={task.createdAt} now={now} />
      </dd>
      <dt>Due</dt>
      <dd>{task.dueAt === null ? 'No date' : <Moment at={task.dueAt} />}</dd>
      <dt>Claimed by</dt>
      <dd>{task.assignee ?? 'Nobody yet'}</dd>
      {task.closedAt === null ? null : <dt>Closed</dt>}
      {task.closedAt === null ? null : (
        <dd>
          <Ago at={task.closedAt} now={now} /> by {task.closedBy ?? 'nobody in particular'}
        </dd>
      )}
      {task.closedBecause === null ? null : <dt>Not needed, because</dt>}
      {task.closedBecause === null ? null : <dd>{task.closedBecause}</dd>}
      {task.comment === null ? null : <dt>Comment</dt>}
      {task.comment === null ? null : <dd class="pre">{task.comment}</dd>}
    </dl>
  );
}

function TaskActions({ context, task }: { readonly context: PageContext; readonly task: TaskRow }): Markup {
  const { session } = context;
  const isMine = task.assignee === assigneeOf(session);
  return (
    <div class="stack">
      {task.state === 'open' ? (
        <div class="row">
          {task.kind === CHECKLIST ? null : (
            <PostForm action={paths.task(task.id, '/done')} session={session}>
              <button class="button" type="submit">
                It is done
              </button>
            </PostForm>
          )}
          <PostForm action={paths.task(task.id, isMine ? '/release' : '/claim')} session={session}>
            <button class="button plain" type="submit">
              {isMine ? 'Give it back' : 'Claim it'}
            </button>
          </PostForm>
        </div>
      ) : task.kind === CHECKLIST ? null : (
        <PostForm action={paths.task(task.id, '/reopen')} session={session}>
          <button class="button plain" type="submit">
            Open it again
          </button>
        </PostForm>
      )}
      {task.state === 'open' ? <DueForm context={context} task={task} /> : null}
      {task.state !== 'open' || task.isUrgent || task.kind === CHECKLIST ? null : (
        <PostForm action={paths.task(task.id, '/dismiss')} session={session} class="stack-s">
          <div class="field">
            <label for="reason">Not needed, because</label>
            <input id="reason" name="reason" required maxlength="500" autocomplete="off" />
          </div>
          <div>
            <button class="button plain" type="submit">
              Close it as not needed
            </button>
          </div>
        </PostForm>
      )}
      <PostForm action={paths.task(task.id, '/comment')} session={session} class="stack-s">
        <div class="field">
          <label for="comment">Comment</label>
          <textarea id="comment" name="comment" maxlength="2000">
            {task.comment ?? ''}
          </textarea>
        </div>
        <div>
          <button class="button plain" type="submit">
            Save the comment
          </button>
        </div>
      </PostForm>
    </div>
  );
}

function DueForm({ context, task }: { readonly context: PageContext; readonly task: TaskRow }): Markup {
  return (
    <PostForm action={paths.task(task.id, '/due')} session={context.session} class="stack-s">
      <div class="field">
        <label for="dueOn">Due on</label>
        <input
          id="dueOn"
          name="dueOn"
          type="date"
          required
          value={task.dueAt === null ? '' : task.dueAt.toISOString().slice(0, 10)}
        />
      </div>
      <div>
        <button class="button plain" type="submit">
          Save the date
        </button>
      </div>
    </PostForm>
  );
}
