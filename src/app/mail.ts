import type { Config } from '../config/config.js';
import { decryptSecret, encryptSecret } from '../lib/crypto.js';
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

/** Encrypts the text of an e-mail that holds a secret, for its time in the outbox. */
export function sealMail({ keyring }: Pick<Services, 'keyring'>): (text: string, tenantId: string) => string {
  return (text, tenantId) => encryptSecret(text, keyring, mailContext(tenantId));
}

function mailContext(tenantId: string): readonly string[] {
  return ['mail', tenantId];
}

/** Sends what is due in the outbox, through the server of the settings. */
export function buildMailDelivery({ config, database, clock, keyring }: Services): () => Promise<void> {
  return makeMailDelivery({
    outbox: makeDueMailStore(database),
    contacts: makeMailContactStore(database),
    send: mailServerOf(config)?.send ?? null,
    open: (text, tenantId) => decryptSecret(text, keyring, mailContext(tenantId)),
    clock,
    random: Math.random,
  });
}
