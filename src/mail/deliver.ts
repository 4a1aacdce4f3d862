import type { Clock } from '../lib/clock.js';
import { backoffDelayMs } from '../lib/backoff.js';
import type { DueMail, DueMailStore, MailContactStore, MailEnd, SendMail } from './ports.js';

export interface DeliverMailDeps {
  readonly outbox: DueMailStore;
  readonly contacts: Pick<MailContactStore, 'addressesFor'>;
  /** null: no mail server is configured; e-mails wait. */
  readonly send: SendMail | null;
  /** Opens the text of a sealed e-mail. Throws when no key of this service does. */
  readonly open: (text: string, tenantId: string) => string;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

export const NO_SERVER = 'not sent: no mail server configured';

/** Longer than any exchange with a mail server takes, so that nobody takes over what is still being sent. */
const CLAIM_MS = 10 * 60_000;
const AT_ONCE = 5;
const RETRY_BASE_MS = 60_000;
const RETRY_CAP_MS = 3_600_000;
/** A mail server that does not answer is not asked for every recipient of every e-mail. */
const TURN_MS = 60_000;

/**
 * Sends what is due, until nothing is or the turn is over. Whoever dies between the server's yes and the note of it
 * leaves an e-mail that is sent twice, with the same Message-ID: losing one would be worse.
 */
export function makeMailDelivery(deps: DeliverMailDeps): () => Promise<void> {
  const { outbox, send, clock } = deps;
  return async () => {
    const begunAt = clock.now();
    await outbox.expire(begunAt, NO_SERVER);
    if (send === null) return;
    for (let at = begunAt; at.getTime() - begunAt.getTime() < TURN_MS; at = clock.now()) {
      const mails = await outbox.claim(at, new Date(at.getTime() + CLAIM_MS), AT_ONCE);
      for (const mail of mails) await outbox.end(mail, await deliver(deps, send, mail), clock.now());
      if (mails.length < AT_ONCE) return;
    }
  };
}

async function deliver(deps: DeliverMailDeps, send: SendMail, due: DueMail): Promise<MailEnd> {
  const mail = opened(deps, due);
  if (mail === null) return { state: 'failed', error: UNREADABLE };
  const recipients = mail.recipients ?? (await deps.contacts.addressesFor(mail.tenantId, mail.kind));
  if (recipients.length === 0) {
    const error = `There is nobody to send it to: no contact gets e-mails of the kind "${mail.kind}", and no owner of the console has an address. Add a contact.`;
    return { state: 'failed', error };
  }
  const refused: string[] = [];
  for (const recipient of new Set(recipients)) {
    if (mail.deliveredTo.includes(recipient)) continue;
    const outcome = await send(mail, recipient);
    if (outcome.type === 'later') return { state: 'due', error: outcome.reason, dueAt: retryAt(deps, mail) };
    if (outcome.type === 'refused') refused.push(`${recipient}: ${outcome.reason}`);
    else await deps.outbox.delivered(mail, recipient);
  }
  return refused.length === 0 ? { state: 'sent' } : { state: 'failed', error: refused.join('; ') };
}

const UNREADABLE =
  'The text is encrypted with a key that this service does not have. Check PATCHBAY_ENCRYPTION_KEYS, then send it anew.';

function opened({ open }: DeliverMailDeps, mail: DueMail): DueMail | null {
  if (!mail.isSealed) return mail;
  try {
    return { ...mail, text: open(mail.text, mail.tenantId) };
  } catch {
    return null;
  }
}

/** At least half of the full wait: a server that asks to come back later means it. */
function retryAt({ clock, random }: DeliverMailDeps, { attempts }: DueMail): Date {
  const random01 = () => 0.5 + random() / 2;
  const waitMs = backoffDelayMs(attempts, { baseMs: RETRY_BASE_MS, capMs: RETRY_CAP_MS, random: random01 });
  return new Date(clock.now().getTime() + waitMs);
}
