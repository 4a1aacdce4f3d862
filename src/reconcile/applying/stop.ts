import { ENGINE_ACTOR } from '../audit.js';
import type { Run, StopReason } from '../run.js';
import type { Failure } from './failure.js';

/**
 * Whether a failure concerns the whole account. A rejected credential pauses it: one notice, no call until a person
 * resumes it.
 */
export async function stopFor(
  run: Pick<Run, 'deps' | 'account'>,
  failure: Failure,
): Promise<StopReason | null> {
  switch (failure.course) {
    case 'pause':
      await pause(run, failure);
      return { type: 'paused', message: failure.message };
    case 'wait':
      return { type: 'wait', retryAt: failure.retryAt ?? run.deps.clock.now() };
    case 'lost':
      return { type: 'lost' };
    case 'skip':
    case 'ask':
    case 'replan':
      return null;
  }
}

async function pause({ deps, account }: Pick<Run, 'deps' | 'account'>, failure: Failure): Promise<void> {
  const isNew = await deps.accounts.pause(account, failure.message, deps.clock.now(), {
    actor: ENGINE_ACTOR,
    action: 'account.paused',
    targetType: 'account',
    targetId: account.accountId,
    correlationId: null,
    data: { kind: failure.kind, reason: failure.message },
  });
  if (!isNew) return;
  const { tenantId, accountId } = account;
  deps.log.error(
    { tenantId, accountId, kind: failure.kind },
    'account paused: the vendor rejects the credential',
  );
}
