import { AppError } from '../domain/errors.js';
import { summariseArrived } from './arrived-summary.js';
import { addressesOf, openParty } from './party.js';
import type { SsoConnection } from './connection.js';
import { findConnection, type ConnectionAddress } from './find-connection.js';
import type { LoginDeps } from './login-deps.js';
import { mapRole, readPerson, type Person } from './person.js';
import type { IssuedRequest } from './ports.js';
import type { AssertionFacts } from './saml/facts.js';
import type { Finding } from './saml/finding.js';
import type { Arrived } from './saml/open-message.js';
import { localPath } from './saml/relay-state.js';
import { readInstant } from './saml/time.js';
import type { Verification } from './saml/verify-response.js';
import { signInPerson } from './sign-in-person.js';
import type { Trace } from './trace.js';

export interface ReceivedResponse extends ConnectionAddress {
  readonly samlResponse: unknown;
  readonly relayState: string | null;
}

export type ReceiveResult =
  /** The browser exchanges the ticket for a session at the `complete` address. */
  | { readonly kind: 'ticket'; readonly ticket: string }
  /** A test came back; its page is `returnTo`. */
  | { readonly kind: 'tested'; readonly trace: Trace; readonly returnTo: string }
  | { readonly kind: 'refused'; readonly trace: Trace };

/** What one response led to so far. */
interface Progress {
  readonly connection: SsoConnection;
  readonly arrived: Arrived;
  readonly request: IssuedRequest | null;
}

/**
 * Takes a response at the ACS: verifies it, admits it once, reads the person, and prepares a session. Whatever does not
 * pass leaves a trace with what to change. Throws AppError `notFound` for an address that is no connection's.
 */
export async function receiveResponse(deps: LoginDeps, input: ReceivedResponse): Promise<ReceiveResult> {
  const { tenantSlug, connection } = await findConnection(deps, input);
  const { verification, current } = await verifyWithRefresh(deps, tenantSlug, connection, input);
  if (verification.kind === 'refused') {
    const request = await requestOf(deps, current, verification.arrived);
    return finish(
      deps,
      tenantSlug,
      { connection: current, arrived: verification.arrived, request },
      verification.findings,
    );
  }
  const { assertion, requestId, arrived } = verification;
  const admission = await deps.admissions.admit({
    tenantId: current.tenantId,
    connectionId: current.id,
    requestId,
    assertionId: assertion.id ?? '',
    keepUntil: usableUntil(current, assertion),
    now: deps.now(),
  });
  if (admission.kind !== 'admitted') {
    return finish(deps, tenantSlug, { connection: current, arrived, request: null }, [
      ADMISSION_FINDINGS[admission.kind],
    ]);
  }
  const progress = { connection: current, arrived, request: admission.request };
  return concludeSignIn(deps, tenantSlug, progress, assertion, input.relayState);
}

const ADMISSION_FINDINGS: Readonly<Record<'unknownRequest' | 'replayed', Finding>> = {
  unknownRequest: {
    check: 'requestKnown',
    arrived: 'an answer to a request that is not open',
    expected: 'an answer to an open request of this connection',
  },
  replayed: { check: 'replay', arrived: 'an assertion that was used before', expected: 'a new assertion' },
};

/** A signature that does not fit may mean that the IdP has rolled its certificate over: read its metadata once. */
async function verifyWithRefresh(
  deps: LoginDeps,
  tenantSlug: string,
  connection: SsoConnection,
  input: ReceivedResponse,
): Promise<{ readonly verification: Verification; readonly current: SsoConnection }> {
  const verifyAt = (current: SsoConnection) =>
    deps.verify(openParty(deps, tenantSlug, current), { ...input, now: deps.now() });
  const verification = await verifyAt(connection);
  const mayBeRollOver =
    verification.kind === 'refused' &&
    verification.findings.some(({ check }) => check === 'signature' || check === 'certificate');
  const refreshed = mayBeRollOver ? await deps.refresh.afterSignatureFailure(connection) : null;
  if (refreshed === null) return { verification, current: connection };
  return { verification: await verifyAt(refreshed), current: refreshed };
}

/** The check of the age refuses everything after this. */
function usableUntil({ settings }: SsoConnection, assertion: AssertionFacts): Date {
  const issued = readInstant(assertion.issueInstant);
  if (issued === null) throw new AppError('bug', 'An assertion without a time was accepted.');
  const marginSeconds = 60;
  const seconds = settings.maxAssertionAgeSeconds + settings.clockSkewSeconds + marginSeconds;
  return new Date(issued.getTime() + seconds * 1000);
}

async function requestOf(
  deps: LoginDeps,
  connection: SsoConnection,
  arrived: Arrived,
): Promise<IssuedRequest | null> {
  const named = arrived.response?.inResponseTo ?? null;
  return named === null ? null : deps.admissions.peek(connection.tenantId, connection.id, named);
}

async function concludeSignIn(
  deps: LoginDeps,
  tenantSlug: string,
  progress: Progress,
  assertion: AssertionFacts,
  relayState: string | null,
): Promise<ReceiveResult> {
  const { connection, request } = progress;
  const person = readPerson(assertion, connection.settings.attributes);
  const mappedRole = mapRole(assertion, connection.settings);
  const isTest = request?.purpose === 'test';
  const findings = await standingFindings(deps, connection, person, isTest);
  if (findings.length > 0) return finish(deps, tenantSlug, progress, findings);
  if (isTest) {
    const granted = mappedRole === null ? null : { role: mappedRole, groups: groupsOf(person) };
    return finish(deps, tenantSlug, progress, granted === null ? [roleFinding(person)] : [], granted);
  }
  const returnTo = request?.returnTo ?? localPath(relayState ?? '', deps.publicUrl) ?? '/';
  const ticket = await signInPerson(deps, { connection, person, assertion, mappedRole, request, returnTo });
  if (ticket === null) return finish(deps, tenantSlug, progress, [roleFinding(person)]);
  return { kind: 'ticket', ticket };
}

/** What stands against a person whose assertion is in order. */
async function standingFindings(
  deps: LoginDeps,
  connection: SsoConnection,
  person: Person,
  isTest: boolean,
): Promise<readonly Finding[]> {
  if (connection.state === 'disabled' || (connection.state === 'draft' && !isTest)) {
    return [
      {
        check: 'connection',
        arrived: `a connection in state ${connection.state}`,
        expected: 'an active one',
      },
    ];
  }
  const status = await deps.directory.statusOf(connection.tenantId, person);
  if (status !== 'inactive') return [];
  return [{ check: 'directory', arrived: 'a deactivated person', expected: 'an active one' }];
}

function roleFinding(person: Person): Finding {
  if (person.groups.kind === 'overage') {
    return { check: 'groupsMissing', arrived: 'a link instead of groups', expected: 'the groups themselves' };
  }
  const count = person.groups.kind === 'given' ? person.groups.names.length : 0;
  return {
    check: 'role',
    arrived: `${count === 1 ? '1 group' : `${count} groups`}, none of them named by a rule that matches`,
    expected: 'a value that a role rule names',
  };
}

function groupsOf(person: Person): readonly string[] | null {
  return person.groups.kind === 'given' ? person.groups.names : null;
}

/** Writes the trace of a refused sign-in or of a test, and says where it is shown. */
async function finish(
  deps: LoginDeps,
  tenantSlug: string,
  { connection, arrived, request }: Progress,
  findings: readonly Finding[],
  granted: Trace['granted'] = null,
): Promise<ReceiveResult> {
  const { acsUrl } = addressesOf(deps, tenantSlug, connection);
  const trace = await deps.traces.record({
    connection,
    requestId: request?.id ?? null,
    purpose: request?.purpose ?? 'login',
    findings,
    arrived: summariseArrived(arrived, connection.settings, acsUrl),
    granted,
  });
  if (request?.purpose === 'test') return { kind: 'tested', trace, returnTo: request.returnTo };
  return { kind: 'refused', trace };
}
