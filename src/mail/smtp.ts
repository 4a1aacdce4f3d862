import { createTransport } from 'nodemailer';
import { AppError } from '../domain/errors.js';
import { isLoopbackAddress } from '../lib/outbound-address.js';
import type { DueMail, SendMail, SendOutcome } from './ports.js';

export interface SmtpOptions {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  readonly url: string;
  /** Sender, such as `Patchbay <patchbay@acme.example>`. */
  readonly from: string;
}

export interface MailServer {
  readonly send: SendMail;
  /** Connects and signs in, sends nothing. Throws AppError `unavailable` with what the server said. */
  check(): Promise<void>;
  /** For people: host and port, never the credentials. */
  readonly name: string;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 30_000;

/**
 * A mail server over SMTP. A password is sent only over TLS unless the URL says `requireTLS=false` or the server is
 * this machine: a party in between could otherwise take the offer of STARTTLS away and read it.
 */
export function openMailServer({ url, from }: SmtpOptions): MailServer {
  const { hostname, port, username, protocol } = new URL(url);
  const isLocal = hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[|\]$/g, ''));
  const transport = createTransport({
    // What the URL says counts more than what stands beside it.
    url,
    requireTLS: username !== '' && !isLocal && protocol === 'smtp:' && !/[?&]requireTLS=false\b/.test(url),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: ANSWER_TIMEOUT_MS,
    // Nothing that a row holds may make the library read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    name: port === '' ? hostname : `${hostname}:${port}`,
    async send(mail, recipient) {
      try {
        await transport.sendMail(messageOf(mail, recipient, from));
        return { type: 'accepted' };
      } catch (error) {
        return outcomeOf(error);
      }
    },
    async check() {
      try {
        await transport.verify();
      } catch (error) {
        throw new AppError(
          'unavailable',
          `The mail server cannot be used (${reasonOf(error)}). Check SMTP_URL, the password in it and the firewall.`,
          { cause: error },
        );
      }
    },
    close: () => transport.close(),
  };
}

function messageOf(mail: DueMail, recipient: string, from: string) {
  return {
    from,
    // As an object: a text would be read as a list.
    to: { name: '', address: recipient },
    subject: mail.subject,
    text: mail.text,
    ...(mail.html === null ? {} : { html: mail.html }),
    attachments: mail.attachments.map(({ name, contentType, text }) => ({
      filename: name,
      contentType,
      content: text,
    })),
    messageId: `<${mail.id}.${recipient.toLowerCase().replaceAll(/[^a-z0-9.-]/g, '-')}@patchbay>`,
    // RFC 3834: keeps vacation responders from answering.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

/** A 5xx answer to the recipient or the message is final; anything else, a refused password too, may be mended. */
function outcomeOf(error: unknown): SendOutcome {
  const reason = reasonOf(error);
  const facts = error as { permanent?: unknown; code?: unknown; command?: unknown };
  const isFinal =
    facts.permanent === true &&
    (facts.code === 'EENVELOPE' || facts.code === 'EMESSAGE') &&
    facts.command !== 'MAIL FROM';
  return { type: isFinal ? 'refused' : 'later', reason };
}

const REASON_MAX_CHARS = 300;

/** What the server said, in one line. */
function reasonOf(error: unknown): string {
  const facts = error as { response?: unknown; message?: unknown };
  const said = typeof facts.response === 'string' ? facts.response : String(facts.message ?? error);
  return said.replaceAll(/\s+/g, ' ').slice(0, REASON_MAX_CHARS);
}
