import type { Pacer } from '../../providers/port.js';

/**
 * A pacer that asks once more before each request, after any waiting, whether the account is still this worker's:
 * between the last look and the request lies no wait then.
 */
export function guardPacer(pacer: Pacer, assertMayCall: () => void): Pacer {
  return {
    async take(requests) {
      await pacer.take(requests);
      assertMayCall();
    },
    observe: (signal) => pacer.observe(signal),
  };
}
