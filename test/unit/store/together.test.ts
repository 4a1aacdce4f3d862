import { describe, expect, it } from 'vitest';
import { makeTogether } from '../../../src/store/directory/together.js';

interface Item {
  readonly lane: string;
  readonly id: string;
}

/** Statements begin when the test says so; each is kept until the test ends it. */
function makeDesk() {
  const statements: { ids: readonly string[]; end: (error?: Error) => void }[] = [];
  let announce: (() => void) | null = null;
  const submit = makeTogether<Item, string>({
    laneOf: ({ lane }) => lane,
    identityOf: ({ id }) => id,
    write: (items) =>
      new Promise((resolve, reject) => {
        const ids = items.map(({ id }) => id);
        const end = (error?: Error) => (error ? reject(error) : resolve(ids.map((id) => `${id} written`)));
        statements.push({ ids, end });
        announce?.();
      }),
    isOnesFault: (error) => error instanceof RangeError,
  });
  const begun = async (count: number) => {
    while (statements.length < count) await new Promise<void>((resolve) => (announce = resolve));
    return statements.map(({ ids }) => ids);
  };
  return { submit, statements, begun };
}

/** With a statement under way. */
async function busyDesk() {
  const desk = makeDesk();
  const early = desk.submit({ lane: 'acme', id: 'early' });
  await desk.begun(1);
  return { ...desk, early };
}

describe('writes that arrive while others are under way', () => {
  it('go alone where there are no others', async () => {
    const { submit, begun, statements } = makeDesk();
    const one = submit({ lane: 'acme', id: 'a' });
    expect(await begun(1)).toEqual([['a']]);
    statements[0]?.end();
    expect(await one).toBe('a written');
  });

  it('go into one statement, and everybody gets their own result', async () => {
    const { submit, begun, statements, early } = await busyDesk();
    const late = ['a', 'b', 'c'].map((id) => submit({ lane: 'acme', id }));
    statements[0]?.end();
    expect(await begun(2)).toEqual([['early'], ['a', 'b', 'c']]);
    statements[1]?.end();
    expect(await Promise.all([early, ...late])).toEqual(
      ['early', 'a', 'b', 'c'].map((id) => `${id} written`),
    );
  });

  it('are under way before anybody hears of the statement before', async () => {
    const { submit, begun, statements, early } = await busyDesk();
    void submit({ lane: 'acme', id: 'a' });
    statements[0]?.end();
    await early;
    expect(await begun(0)).toEqual([['early'], ['a']]);
  });

  it('have been sent before anybody hears of the statement before, however many promises that takes', async () => {
    const order: string[] = [];
    const ends: (() => void)[] = [];
    const submit = makeTogether<Item, string>({
      laneOf: ({ lane }) => lane,
      identityOf: ({ id }) => id,
      async write(items) {
        for (let step = 0; step < 50; step += 1) await Promise.resolve();
        order.push(`${items[0]?.id ?? ''} sent`);
        await new Promise<void>((resolve) => ends.push(resolve));
        return items.map(() => 'written');
      },
      isOnesFault: () => false,
    });
    const first = submit({ lane: 'acme', id: 'a' }).then(() => order.push('a answered'));
    await expect.poll(() => ends.length).toBe(1);
    void submit({ lane: 'acme', id: 'b' });
    ends[0]?.();
    await first;
    expect(order).toEqual(['a sent', 'b sent', 'a answered']);
  });

  it('wait for nobody in another lane', async () => {
    const { submit, begun } = await busyDesk();
    void submit({ lane: 'other', id: 'a' });
    expect((await begun(2))[1]).toEqual(['a']);
  });

  it('wait but a moment for a statement that does not end', async () => {
    const { submit, begun } = await busyDesk();
    void submit({ lane: 'acme', id: 'a' });
    expect((await begun(2))[1]).toEqual(['a']);
  });

  it('of one identity go one after the other', async () => {
    const { submit, begun, statements } = await busyDesk();
    for (const id of ['a', 'b', 'a']) void submit({ lane: 'acme', id });
    statements[0]?.end();
    await begun(2);
    statements[1]?.end();
    expect((await begun(3)).slice(1)).toEqual([['a', 'b'], ['a']]);
  });

  it('are at most twenty at a time', async () => {
    const { submit, begun, statements } = await busyDesk();
    for (let index = 0; index < 25; index += 1) void submit({ lane: 'acme', id: `n${String(index)}` });
    statements[0]?.end();
    await begun(2);
    statements[1]?.end();
    expect((await begun(3)).slice(1).map(({ length }) => length)).toEqual([20, 5]);
  });

  it('do not fail for the fault of one of them: each is tried alone', async () => {
    const { submit, begun, statements } = await busyDesk();
    const [bad, good] = ['bad', 'good'].map((id) => submit({ lane: 'acme', id }));
    const failed = expect(bad).rejects.toThrow('too long');
    statements[0]?.end();
    await begun(2);
    statements[1]?.end(new RangeError('too long'));
    expect((await begun(3))[2]).toEqual(['bad']);
    statements[2]?.end(new RangeError('too long'));
    await begun(4);
    statements[3]?.end();
    await failed;
    expect(await good).toBe('good written');
  });

  it('all fail, and are not tried again, where it is not known what was written', async () => {
    const { submit, begun, statements } = await busyDesk();
    const both = ['a', 'b'].map((id) => submit({ lane: 'acme', id }));
    const failed = Promise.all(both.map((one) => expect(one).rejects.toThrow('connection lost')));
    statements[0]?.end();
    await begun(2);
    statements[1]?.end(new Error('connection lost'));
    await failed;
    expect(statements).toHaveLength(2);
  });
});
