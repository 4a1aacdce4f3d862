import { AppError } from '../domain/errors.js';
import { findConnection, type ConnectionAddress } from './find-connection.js';
import type { LoginDeps } from './login-deps.js';
import { openParty } from './party.js';
import { IDP_WORDS } from './idp-words.js';
import type { SsoConnection } from './connection.js';
import type { CheckContext, SamlChecks, SamlParty } from './saml/check.js';
import { shown, type Finding } from './saml/finding.js';
import type { LogoutMessage } from './saml/library.js';
import { checkLogoutRequest } from './saml/logout-message.js';
import type { ConsoleSession } from './session-ports.js';
import type { Trace } from './trace.js';

export interface LogoutDeps extends LoginDeps {
  readonly checks: SamlChecks;
}

export interface ReceivedLogout extends ConnectionAddress {
  readonly message: LogoutMessage;
}

export type LogoutResult =
  /** Answer the IdP by sending the browser there. */
  | { readonly kind: 'redirect'; readonly url: string }
  /** The IdP confirms a logout that began here; the session was over before. */
  | { readonly kind: 'signedOut' }
  | { readonly kind: 'refused'; readonly trace: Trace };

export interface Logout {
  /** Ends a session here. Returns the address that ends it at the IdP, too; null where there is none. */
  end(token: string, session: ConsoleSession): Promise<string | null>;
  /** Takes a logout message at the SLO address. Only signed requests of the right IdP end anything. */
  receive(input: ReceivedLogout): Promise<LogoutResult>;
}

/** Signing out: here, and at the IdP where the connection supports it. */
export function makeLogout(deps: LogoutDeps): Logout {
  return {
    async end(token, session) {
      await deps.sessions.end(token);
      return idpLogoutUrl(deps, session);
    },
    receive: (input) => receiveLogout(deps, input),
  };
}

async function idpLogoutUrl(deps: LogoutDeps, session: ConsoleSession): Promise<string | null> {
  if (session.connectionId === null || session.nameId === null) return null;
  const connection = await deps.connections.find(session.tenantId, session.connectionId);
  if (connection === null || !hasSingleLogout(connection)) return null;
  const party = openParty(deps, session.tenantSlug, connection);
  return deps.library.logoutUrl(party, { ...session.nameId, sessionIndex: session.sessionIndex }, deps.now());
}

/** Logout messages must be signed on both sides. */
function hasSingleLogout({ idp, settings }: SsoConnection): boolean {
  return idp !== null && idp.sloUrl !== null && settings.signRequests;
}

async function receiveLogout(deps: LogoutDeps, input: ReceivedLogout): Promise<LogoutResult> {
  const { tenantSlug, connection } = await findConnection(deps, input);
  const { message } = input;
  if (isAnswer(message)) return { kind: 'signedOut' };
  if (!hasSingleLogout(connection)) {
    throw new AppError(
      'notFound',
      `Single logout with ${IDP_WORDS[connection.idpKind].name} is not set up here.`,
    );
  }
  const party = openParty(deps, tenantSlug, connection);
  const context: CheckContext = { party, now: deps.now(), relayState: null };
  const findings = checkLogoutRequest(deps.checks, message, context);
  if (findings.length > 0) return refuse(deps, connection, findings);
  return endSessions(deps, connection, party, message);
}

/** An answer to our own LogoutRequest changes nothing: the session ended before the browser left. */
function isAnswer(message: LogoutMessage): boolean {
  const fields = message.binding === 'redirect' ? message.query : message.body;
  return fields['SAMLResponse'] !== undefined && fields['SAMLRequest'] === undefined;
}

async function endSessions(
  deps: LogoutDeps,
  connection: SsoConnection,
  party: SamlParty,
  message: LogoutMessage,
): Promise<LogoutResult> {
  const { tenantId, id } = connection;
  let isVerified = false;
  try {
    const url = await deps.library.answerLogout(party, message, deps.now(), async (subject) => {
      isVerified = true;
      await deps.sessions.endByNameId(tenantId, id, subject.value, subject.sessionIndex);
    });
    return { kind: 'redirect', url };
  } catch (error) {
    // From here on the fault is ours, not the message's.
    if (isVerified || !(error instanceof Error)) throw error;
    const check = /signature/i.test(error.message) ? 'signature' : 'library';
    const finding: Finding = {
      check,
      arrived: shown(error.message),
      expected: 'a signed LogoutRequest of the IdP',
    };
    return refuse(deps, connection, [finding]);
  }
}

async function refuse(
  deps: LogoutDeps,
  connection: SsoConnection,
  findings: readonly Finding[],
): Promise<LogoutResult> {
  const facts = { requestId: null, purpose: 'logout', arrived: null, granted: null } as const;
  return { kind: 'refused', trace: await deps.traces.record({ connection, findings, ...facts }) };
}
