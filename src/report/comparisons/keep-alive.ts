import type { RunProgress } from '../ports.js';

/** Shown at most so often: a reading tells of every answer. */
const SHOWN_EVERY_MS = 1_000;
/** A run without news shows that its process lives: a page may wait long for a vendor's limit. */
const SIGN_OF_LIFE_TICKS = 30;

export interface KeptAlive {
  /** Shows the first step and begins with the signs of life. */
  begin(step: RunProgress): Promise<void>;
  /** Shown soon, unless something newer comes first. */
  tell(step: RunProgress): void;
  /** Does the last piece of work of the run; afterwards nothing is shown any more. */
  until(work: () => Promise<void>): Promise<void>;
}

/**
 * Shows how far a run is, and that it is alive: one without a sign of life for ten minutes is taken for dead. What
 * cannot be shown is told to `onError` and disturbs nobody.
 */
export function keepAlive(deps: {
  readonly show: (step: RunProgress) => Promise<void>;
  readonly onError: (error: unknown) => void;
}): KeptAlive {
  let latest: RunProgress = { phase: '' };
  let isNews = false;
  let ticks = 0;
  let showing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    ticks += 1;
    if (!isNews && ticks < SIGN_OF_LIFE_TICKS) return;
    isNews = false;
    ticks = 0;
    const step = latest;
    showing = showing.then(() => deps.show(step)).catch(deps.onError);
  };
  return {
    async begin(step) {
      latest = step;
      await deps.show(step);
      timer = setInterval(tick, SHOWN_EVERY_MS).unref();
    },
    tell(step) {
      latest = step;
      isNews = true;
    },
    async until(work) {
      try {
        await work();
      } finally {
        clearInterval(timer);
        await showing;
      }
    },
  };
}
