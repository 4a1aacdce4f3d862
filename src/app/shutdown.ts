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

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm passes a Ctrl+C on that its child gets from the terminal anyway: two signals so close together are one. */
const SAME_SIGNAL_MS = 1_000;

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. A later one, by an impatient person, ends the process at once. */
export function waitForSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | null = null;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (firstAt !== null && performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(130);
      firstAt ??= performance.now();
      resolve(signal);
    };
    for (const name of SIGNALS) process.on(name, onSignal);
  });
}
