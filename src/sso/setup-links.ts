import { AppError } from '../domain/errors.js';
import type { Mail } from '../mail/ports.js';
import type { AuditEntry } from '../tenancy/ports.js';
import { hashSecret, looksLikeSecret, makeSecret } from './secrets.js';
import type { Sessions, StartedSession } from './sessions.js';
import { writeInvitation } from './setup-invitation.js';
import {
  setupProgressSchema,
  type SetupLink,
  type SetupLinkStore,
  type SetupProgress,
} from './setup-ports.js';

const DAYS_DEFAULT = 5;
const DAYS_MAX = 30;
const OPENS_DEFAULT = 10;

export interface SetupLinksDeps {
  readonly store: SetupLinkStore;
  readonly sessions: Sessions;
  readonly invitations: Invitations | null;
  /** Origin of the service, without a trailing slash. */
  readonly publicUrl: string;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** What is needed to send links by e-mail; null where no mail server is configured. */
export interface Invitations {
  /** One address, as it is stored. Throws AppError `invalid`. */
  readonly readAddress: (text: string) => string;
  readonly organisation: (tenantId: string) => Promise<string>;
  /** For the outbox. */
  readonly seal: (text: string, tenantId: string) => string;
}

export interface NewSetupLink {
  readonly tenantId: string;
  /** Whom it is for, in the sender's words. */
  readonly label: string;
  /** Address that is sent the link by e-mail. */
  readonly to?: string;
  readonly days?: number;
  readonly maxOpens?: number;
  readonly actor: string;
}

/** A link without its secret. */
export type SetupLinkView = Omit<SetupLink, 'tokenHash'> & { readonly state: SetupLinkState };
export type SetupLinkState = 'open' | 'expired' | 'revoked' | 'completed' | 'usedUp';

export interface SetupLinks {
  /** The address is shown once. Throws AppError `invalid`, for `to` without a mail server too. */
  create(input: NewSetupLink): Promise<{ readonly url: string; readonly link: SetupLinkView }>;
  list(tenantId: string): Promise<readonly SetupLinkView[]>;
  /** Throws AppError `notFound` when it is unknown or closed already. */
  revoke(tenantId: string, linkId: string, actor: string): Promise<void>;
  /** Looks at a link without opening it. Throws AppError `notFound` as `open` does. */
  peek(token: string): Promise<SetupLinkView>;
  /**
   * Opens a link: counts it and starts a session that may do nothing but this set-up. Throws AppError `notFound` for a
   * link that is unknown or no longer good, and says which.
   */
  open(
    token: string,
    previous: string | null,
  ): Promise<{ readonly link: SetupLinkView; readonly session: StartedSession }>;
  /** Of an open set-up. Throws AppError `notFound`. */
  get(tenantId: string, linkId: string): Promise<SetupLinkView>;
  /** Saves where the set-up stands. Throws AppError `stale` when another browser saved in between, `invalid`. */
  save(link: SetupLinkView, progress: unknown, connectionId: string | null): Promise<SetupLinkView>;
  /** Ends the set-up, and with it the link's sessions. */
  complete(tenantId: string, linkId: string, actor: string): Promise<void>;
}

/** Links that let an IT admin set a connection up without an account here. */
export function makeSetupLinks(deps: SetupLinksDeps): SetupLinks {
  return {
    create: (input) => createLink(deps, input),
    async list(tenantId) {
      return (await deps.store.list(tenantId)).map((link) => toView(link, deps.now()));
    },
    async revoke(tenantId, linkId, actor) {
      const isRevoked = await deps.store.revoke(tenantId, linkId, auditOf(deps, linkId, 'revoked', actor));
      if (!isRevoked) throw new AppError('notFound', 'There is no open setup link with this id.');
    },
    peek: (token) => peekLink(deps, token),
    open: (token, previous) => openLink(deps, token, previous),
    get: (tenantId, linkId) => getLink(deps, tenantId, linkId),
    save: (link, progress, connectionId) => saveProgress(deps, link, progress, connectionId),
    async complete(tenantId, linkId, actor) {
      const isDone = await deps.store.complete(tenantId, linkId, auditOf(deps, linkId, 'completed', actor));
      if (!isDone) throw new AppError('notFound', 'This set-up is closed already.');
    },
  };
}

function toView({ tokenHash: _secret, ...link }: SetupLink, now: Date): SetupLinkView {
  return { ...link, state: stateOf(link, now) };
}

function stateOf(link: Omit<SetupLink, 'tokenHash'>, now: Date): SetupLinkState {
  if (link.revokedAt !== null) return 'revoked';
  if (link.completedAt !== null) return 'completed';
  if (link.expiresAt <= now) return 'expired';
  return link.openedCount >= link.maxOpens ? 'usedUp' : 'open';
}

async function createLink(deps: SetupLinksDeps, input: NewSetupLink): ReturnType<SetupLinks['create']> {
  const days = input.days ?? DAYS_DEFAULT;
  const maxOpens = input.maxOpens ?? OPENS_DEFAULT;
  const label = input.label.trim();
  const isValid =
    days > 0 && days <= DAYS_MAX && Number.isInteger(maxOpens) && maxOpens >= 1 && maxOpens <= 100;
  if (!isValid || label === '' || label.length > 200) {
    throw new AppError(
      'invalid',
      `A setup link needs a label of at most 200 characters, lasts up to ${DAYS_MAX} days and can be opened up to 100 times.`,
    );
  }
  const recipient = input.to === undefined ? null : recipientOf(deps, input.to);
  const token = makeSecret();
  const createdAt = deps.now();
  const link: SetupLink = {
    tenantId: input.tenantId,
    id: deps.newId(),
    tokenHash: hashSecret(token),
    label,
    sentTo: recipient?.address ?? null,
    connectionId: null,
    progress: setupProgressSchema.parse({}),
    version: 1,
    openedCount: 0,
    maxOpens,
    createdBy: input.actor,
    createdAt,
    firstOpenedAt: null,
    expiresAt: new Date(createdAt.getTime() + days * 86_400_000),
    revokedAt: null,
    completedAt: null,
  };
  const url = `${deps.publicUrl}/setup/${token}`;
  const mail = recipient === null ? null : await invite(recipient, link, url);
  const audit = { ...auditOf(deps, link.id, 'created', input.actor), data: { label, sentTo: link.sentTo } };
  await deps.store.insert(link, mail, audit);
  return { url, link: toView(link, createdAt) };
}

interface Recipient {
  readonly address: string;
  readonly invitations: Invitations;
}

function recipientOf({ invitations }: SetupLinksDeps, to: string): Recipient {
  if (invitations !== null) return { address: invitations.readAddress(to), invitations };
  throw new AppError(
    'invalid',
    'No mail server is configured here (SMTP_URL and MAIL_FROM), so no link was made. Make one without an address and send it yourself.',
  );
}

async function invite({ address, invitations }: Recipient, link: SetupLink, url: string): Promise<Mail> {
  const organisation = await invitations.organisation(link.tenantId);
  const seal = (text: string) => invitations.seal(text, link.tenantId);
  return writeInvitation({ to: address, link, url, organisation, seal });
}

async function peekLink(deps: SetupLinksDeps, token: string): Promise<SetupLinkView> {
  const link = looksLikeSecret(token) ? await deps.store.findByToken(hashSecret(token)) : null;
  const view = link === null ? null : toView(link, deps.now());
  if (view?.state === 'open') return view;
  throw new AppError('notFound', CLOSED[view === null ? 'unknown' : view.state]);
}

async function openLink(
  deps: SetupLinksDeps,
  token: string,
  previous: string | null,
): ReturnType<SetupLinks['open']> {
  const now = deps.now();
  const link = looksLikeSecret(token) ? await deps.store.findByToken(hashSecret(token)) : null;
  const isOpened =
    link !== null &&
    (await deps.store.countOpening(link, now, auditOf(deps, link.id, 'opened', 'setup-link')));
  if (!isOpened) throw new AppError('notFound', CLOSED[link === null ? 'unknown' : toView(link, now).state]);
  const session = await deps.sessions.start({
    tenantId: link.tenantId,
    actor: { setupLinkId: link.id },
    previous,
  });
  return { link: await getLink(deps, link.tenantId, link.id), session };
}

const ASK = 'Ask whoever sent it to you for a new one.';

const CLOSED: Readonly<Record<SetupLinkState | 'unknown', string>> = {
  unknown: `This setup link is not known here. Perhaps it was not copied whole. ${ASK}`,
  // It was good a moment ago: somebody opened it for the last time meanwhile.
  open: `This setup link has just been opened as often as allowed. ${ASK}`,
  expired: `This setup link has expired. ${ASK}`,
  revoked: `This setup link was withdrawn. ${ASK}`,
  completed: 'This set-up is complete. Sign in to change it.',
  usedUp: `This setup link was opened as often as allowed. ${ASK}`,
};

async function getLink(deps: SetupLinksDeps, tenantId: string, linkId: string): Promise<SetupLinkView> {
  const link = await deps.store.find(tenantId, linkId);
  if (link === null) throw new AppError('notFound', CLOSED.unknown);
  return toView(link, deps.now());
}

async function saveProgress(
  deps: SetupLinksDeps,
  link: SetupLinkView,
  given: unknown,
  connectionId: string | null,
): Promise<SetupLinkView> {
  const parsed = setupProgressSchema.safeParse(given);
  if (!parsed.success)
    throw new AppError('invalid', 'This step of the set-up cannot be saved.', { cause: parsed.error });
  const progress: SetupProgress = parsed.data;
  if (await deps.store.saveProgress(link, progress, connectionId))
    return getLink(deps, link.tenantId, link.id);
  throw new AppError('stale', 'This set-up was changed in another window, or it is closed. Reload the page.');
}

function auditOf(deps: SetupLinksDeps, linkId: string, what: string, actor: string): AuditEntry {
  return { at: deps.now(), actor, action: `setup-link.${what}`, targetType: 'setup-link', targetId: linkId };
}
