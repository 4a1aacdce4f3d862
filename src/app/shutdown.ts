import type { Logger } from 'pino';

export interface Shutdown {
  /** Stops what was started last first: servers, workers, queues, pools, database. Runs once. */
  run(): Promise<void>;
  /** Adds something to stop. What is added later is stopped earlier. */
  add(name: string, stop: () => Promise<void> | void): void;
}

/** An ordered stop in which one part's failure does not keep the others running. */
export function makeShutdown(log: Logger): Shutdown {
  const parts: { readonly name: string; readonly stop: () => Promise<void> | void }[] = [];
  let running: Promise<void> | null = null;
  const stopAll = async (): Promise<void> => {
    for (const { name, stop } of parts.toReversed()) {
      try {
        await stop();
      } catch (error) {
        log.error({ err: error, part: name }, 'a part did not stop cleanly');
      }
    }
  };
  return {
    run: () => (running ??= stopAll()),
    add: (name, stop) => void parts.push({ name, stop }),
  };
}

/** Resolves at the first SIGINT or SIGTERM. A second one ends the process at once. */
export function waitForSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals): void => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) {
        process.removeListener(name, onSignal);
        process.once(name, () => process.exit(130));
      }
      resolve(signal);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}
