import { utcMinute } from '../lib/utc.js';
import type { Mail } from '../mail/ports.js';
import type { SetupLink } from './setup-ports.js';

export interface Invitation {
  readonly to: string;
  readonly link: Pick<SetupLink, 'expiresAt' | 'maxOpens'>;
  readonly url: string;
  readonly organisation: string;
  /** Encrypts a text for the outbox: whoever reads this one can set up single sign-on. */
  readonly seal: (text: string) => string;
}

/** The e-mail that brings an IT admin their setup link. */
export function writeInvitation({ to, link, url, organisation, seal }: Invitation): Mail {
  const until = utcMinute(link.expiresAt);
  const times = link.maxOpens === 1 ? 'once' : `${String(link.maxOpens)} times`;
  const paragraphs = [
    `${organisation} asks you to connect its identity provider to Patchbay: first single sign-on, then the people and groups of the phone system.`,
    `Open this link in a browser. It leads you through it in about 20 minutes, saves every step, and switches nothing on before the last one:`,
    url,
    `You need admin rights at your identity provider. The link is good until ${until} and can be opened ${times}.`,
    `Whoever has this link can set up single sign-on for ${organisation}, roles included: do not pass it on. If you did not expect it, leave it alone and ask ${organisation}, who can withdraw it.`,
  ];
  return {
    kind: 'set-up',
    recipients: [to],
    subject: `Set up single sign-on for ${organisation}`,
    text: seal(`${paragraphs.join('\n\n')}\n`),
    isSealed: true,
    dedupeKey: null,
  };
}
