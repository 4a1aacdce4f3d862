import type { Config } from '../config/config.js';
import { makeMailDelivery } from '../mail/deliver.js';
import { openMailServer, type MailServer } from '../mail/smtp.js';
import { makeMailContactStore } from '../store/mail/contacts.js';
import { makeDueMailStore } from '../store/mail/outbox.js';
import type { Services } from './services.js';

/** The mail server of the settings; null: none is named. */
export function mailServerOf({ smtpUrl, mailFrom }: Config): MailServer | null {
  return smtpUrl === undefined || mailFrom === undefined
    ? null
    : openMailServer({ url: smtpUrl, from: mailFrom });
}

/** Sends what is due in the outbox, through the server of the settings. */
export function buildMailDelivery({ config, database, clock }: Services): () => Promise<void> {
  return makeMailDelivery({
    outbox: makeDueMailStore(database),
    contacts: makeMailContactStore(database),
    send: mailServerOf(config)?.send ?? null,
    clock,
    random: Math.random,
  });
}
