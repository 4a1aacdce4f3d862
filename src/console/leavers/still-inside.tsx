import type { TaskRow, Worklist } from '../../administration/worklist.js';
import type { PageContext } from '../kit/context.js';
import { Ago, formatDistance } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card } from '../parts/blocks.js';
import { paths } from '../paths.js';

const SHOWN_MAX = 50;

/** Checklists by which people have to shut somebody out; the longest open first. */
export async function listStillInside(
  worklist: Pick<Worklist, 'list'>,
  tenantId: string,
  accountId: string | null,
): Promise<readonly TaskRow[]> {
  // Urgent tasks come first in this list.
  const query = { state: 'open', accountId, assignee: null, after: null, limit: SHOWN_MAX } as const;
  const { rows } = await worklist.list(tenantId, query);
  return rows.filter(({ kind, isUrgent }) => kind === 'checklist' && isUrgent);
}

/** Leavers of a phone system without an API: until somebody has done it, they still have access and are not parked. */
export function StillInside({
  context,
  tasks,
}: {
  readonly context: PageContext;
  readonly tasks: readonly TaskRow[];
}): Markup | null {
  if (tasks.length === 0) return null;
  return (
    <Card title="Still inside: a person has to shut them out">
      <ul class="rows">
        {tasks.map((task) => (
          <li>
            <a href={paths.task(task.id)}>{task.title}</a> <span class="quiet small">{task.account}</span>{' '}
            <Clock task={task} now={context.now} />{' '}
            <span class="quiet small">
              asked <Ago at={task.createdAt} now={context.now} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Clock({ task: { dueAt }, now }: { readonly task: TaskRow; readonly now: Date }): Markup | null {
  if (dueAt === null) return null;
  const isLate = dueAt < now;
  const words = isLate ? 'Time ran out' : 'Time runs out';
  return <Badge tone={isLate ? 'bad' : 'warn'}>{`${words} ${formatDistance(dueAt, now)}`}</Badge>;
}
