import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  readonly to: readonly string[];
  readonly parsed: Email;
  readonly raw: string;
}

/** A mail server on this machine. */
export interface SmtpServer {
  readonly url: string;
  /** What it accepted, oldest first. */
  readonly received: readonly ReceivedMail[];
  /** How recipients are answered: null accepts, else the reply, such as `550 no such user`. */
  answer: (recipient: string) => string | null;
  stop(): Promise<void>;
}

export async function startSmtp(options: SMTPServerOptions = {}): Promise<SmtpServer> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    ...options,
    onRcptTo({ address }, _session, callback) {
      const reply = running.answer(address);
      callback(reply === null ? null : refusal(reply));
    },
    onData(stream, session, callback) {
      void receive(
        stream,
        session.envelope.rcptTo.map(({ address }) => address),
      ).finally(callback);
    },
  });
  async function receive(stream: AsyncIterable<Buffer>, to: readonly string[]): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const raw = Buffer.concat(chunks).toString('utf8');
    received.push({ to, parsed: await PostalMime.parse(raw), raw });
  }
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => resolve((listening.address() as AddressInfo).port));
  });
  const running: SmtpServer = {
    url: `smtp://127.0.0.1:${port}`,
    received,
    answer: () => null,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return running;
}

function refusal(reply: string): Error {
  const [, code, text] = /^(\d{3}) (.*)$/.exec(reply) ?? [];
  return Object.assign(new Error(text), { responseCode: Number(code) });
}
