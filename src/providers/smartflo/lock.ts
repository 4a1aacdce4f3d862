/** Runs pieces of work one after the other, each only when the one before has ended, well or not. */
export type Lock = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function makeLock(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
