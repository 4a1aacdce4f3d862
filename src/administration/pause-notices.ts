import { counted } from '../lib/counted.js';
import type { Clock } from '../lib/clock.js';
import { utcMinute } from '../lib/utc.js';
import type { Mail } from '../mail/ports.js';

/** A phone system that nothing is done in until a person resumes it. */
export interface PausedAccount {
  readonly name: string;
  readonly reason: string;
  readonly pausedAt: Date;
  /** People who left and are still inside, because nothing is taken from them meanwhile. */
  readonly leavers: number;
  /** People whose changes wait. */
  readonly waiting: number;
}

export interface PauseWindow {
  readonly now: Date;
  /** Who was told of a pause after this moment is not told again. */
  readonly toldBefore: Date;
}

export interface PauseNoticeStore {
  /** Tenants with a pause that nobody was told of, or that leavers are inside for all the same. */
  listTenants(window: PauseWindow): Promise<readonly string[]>;
  /** Takes those, writes what `compose` makes of each and notes the moment, in one transaction. */
  tell(tenantId: string, window: PauseWindow, compose: (account: PausedAccount) => Mail): Promise<void>;
}

const DAY_MS = 86_400_000;

/**
 * Tells people by e-mail that a phone system refuses us and is paused: once, and daily for as long as people who left
 * are inside because of it. Safe to run often.
 */
export function makePauseNotices(deps: {
  readonly notices: PauseNoticeStore;
  readonly clock: Clock;
  readonly accountUrl: (name: string) => string;
}): () => Promise<void> {
  const { notices, clock, accountUrl } = deps;
  return async () => {
    const now = clock.now();
    const window = { now, toldBefore: new Date(now.getTime() - DAY_MS) };
    for (const tenantId of await notices.listTenants(window)) {
      await notices.tell(tenantId, window, (account) => composePause(account, accountUrl(account.name)));
    }
  };
}

export function composePause({ name, reason, pausedAt, leavers, waiting }: PausedAccount, url: string): Mail {
  const left = counted(leavers, 'person who left is', 'people who left are');
  return {
    kind: 'account',
    recipients: null,
    subject: leavers === 0 ? `${name} is paused` : `${name} is paused, and ${left} still inside`,
    text: [
      `Nothing is changed in the phone system "${name}" since ${utcMinute(pausedAt)}:`,
      reason,
      '',
      leavers === 0
        ? `${counted(waiting, 'person waits', 'people wait')} for a change. Nobody who leaves from now on loses access there.`
        : `${left} still inside, and so is everybody who leaves from now on.`,
      '',
      `Put it right and resume it: ${url}`,
      `(or: patchbay account credential ${name}, patchbay account resume ${name})`,
    ].join('\n'),
    dedupeKey: null,
  };
}
