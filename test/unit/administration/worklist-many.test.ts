import { describe, expect, it } from 'vitest';
import { changeMany, TASKS_AT_ONCE_MAX } from '../../../src/administration/worklist-many.js';
import type { Worklist } from '../../../src/administration/worklist.js';
import { AppError, type ErrorKind } from '../../../src/domain/errors.js';

const WHO = { tenantId: 't', actor: 'test' };

/** Tasks that say nothing but how they end; whatever was asked of them is kept. */
function tasksThat(ends: Readonly<Record<string, ErrorKind>>) {
  const asked: string[] = [];
  const answer = (verb: string, id: string): Promise<void> => {
    asked.push(`${verb} ${id}`);
    const kind = ends[id];
    return kind === undefined ? Promise.resolve() : Promise.reject(new AppError(kind, `${id} is ${kind}.`));
  };
  const worklist = {
    get: (_: string, id: string) =>
      ends[id] === 'notFound' ? answer('get', id) : Promise.resolve({ title: `Task ${id}` }),
    assign: ({ taskId }, assignee) => answer(`assign to ${String(assignee)}`, taskId),
    done: ({ taskId }) => answer('done', taskId),
    dismiss: ({ taskId }, reason) => answer(`dismiss for ${reason}`, taskId),
  } as Worklist;
  return { worklist, asked };
}

describe('many tasks at once', () => {
  it.each([
    [{ type: 'assign', assignee: 'ada' }, 'assign to ada a'],
    [{ type: 'assign', assignee: null }, 'assign to null a'],
    [{ type: 'done' }, 'done a'],
    [{ type: 'dismiss', reason: 'old' }, 'dismiss for old a'],
  ] as const)('%o is asked of each of them, once', async (action, asked) => {
    const tasks = tasksThat({});
    const outcome = await changeMany(tasks.worklist, { ...WHO, taskIds: ['a', 'a'] }, action);
    expect(outcome).toEqual({ changed: ['a'], refused: [] });
    expect(tasks.asked).toEqual([asked]);
  });

  it('what one of them refuses stops none of the others', async () => {
    const { worklist } = tasksThat({ b: 'conflict', c: 'notFound', d: 'stale' });
    const taskIds = ['a', 'b', 'c', 'd', 'e'];
    expect(await changeMany(worklist, { ...WHO, taskIds }, { type: 'done' })).toEqual({
      changed: ['a', 'e'],
      refused: [
        { id: 'b', title: 'Task b', message: 'b is conflict.' },
        { id: 'c', title: null, message: 'c is notFound.' },
        { id: 'd', title: 'Task d', message: 'd is stale.' },
      ],
    });
  });

  it.each(['invalid', 'unavailable', 'bug'] as const)(
    'an error of the kind %s is everybody’s',
    async (kind) => {
      const { worklist, asked } = tasksThat({ a: kind });
      await expect(
        changeMany(worklist, { ...WHO, taskIds: ['a', 'b'] }, { type: 'done' }),
      ).rejects.toMatchObject({ kind });
      expect(asked).toEqual(['done a']);
    },
  );

  it.each([[0], [TASKS_AT_ONCE_MAX + 1]])('%i at once are refused before any is changed', async (count) => {
    const { worklist, asked } = tasksThat({});
    const taskIds = Array.from({ length: count }, (_, index) => String(index));
    await expect(changeMany(worklist, { ...WHO, taskIds }, { type: 'done' })).rejects.toMatchObject({
      kind: 'invalid',
    });
    expect(asked).toEqual([]);
  });
});
