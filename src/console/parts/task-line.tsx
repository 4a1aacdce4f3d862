import type { TaskRow } from '../../administration/worklist.js';
import { Ago } from '../kit/format.js';
import { h, type Child, type Markup } from '../markup/markup.js';
import { paths } from '../paths.js';
import { Badge } from './badge.js';

/** One task in a list; `children` stand before it. */
export function TaskLine({
  task,
  now,
  children,
}: {
  readonly task: TaskRow;
  readonly now: Date;
  readonly children?: Child;
}): Markup {
  return (
    <li>
      {children}
      <div class="grow">
        <a class="cover" href={paths.task(task.id)}>
          {task.title}
        </a>
        <p class="quiet small">
          {task.account} · opened <Ago at={task.createdAt} now={now} />
          {task.assignee === null ? '' : ` · ${task.assignee}`}
        </p>
      </div>
      <TaskBadges task={task} now={now} />
    </li>
  );
}

export function TaskBadges({ task, now }: { readonly task: TaskRow; readonly now: Date }): Markup {
  const isOverdue = task.state === 'open' && task.dueAt !== null && task.dueAt < now;
  return (
    <span class="end">
      {task.isUrgent && task.state === 'open' ? <Badge tone="bad">Urgent</Badge> : null}
      {isOverdue ? <Badge tone="warn">Overdue</Badge> : null}
      {task.state === 'done' ? <Badge tone="good">Done</Badge> : null}
      {task.state === 'obsolete' ? <Badge>Not needed</Badge> : null}
    </span>
  );
}
