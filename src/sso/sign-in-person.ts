import { AppError } from '../domain/errors.js';
import type { AuditEntry } from '../tenancy/ports.js';
import { domainOf } from './domains.js';
import { decideRole, effectiveRole, type ConsoleRole } from './console-role.js';
import type { SsoConnection } from './connection.js';
import type { LoginDeps } from './login-deps.js';
import type { LoginOutcome } from './people-ports.js';
import type { Person } from './person.js';
import type { IssuedRequest } from './ports.js';
import type { AssertionFacts } from './saml/facts.js';
import { readInstant } from './saml/time.js';

export interface PersonSigningIn {
  readonly connection: SsoConnection;
  readonly person: Person;
  readonly assertion: AssertionFacts;
  readonly mappedRole: ConsoleRole | null;
  readonly request: IssuedRequest | null;
  readonly returnTo: string;
}

/**
 * Feeds the directory, settles the person's role, and prepares the session. Returns its ticket, null when no role is
 * due. The directory is fed either way: people without business in the console still have a telephone.
 */
export async function signInPerson(deps: LoginDeps, input: PersonSigningIn): Promise<string | null> {
  const { connection, person, assertion, mappedRole } = input;
  await feedDirectory(deps, connection, person);
  const outcome = await deps.users.applyLogin(
    {
      tenantId: connection.tenantId,
      connectionId: connection.id,
      nameId: person.nameId,
      email: person.email,
      displayName: person.displayName,
      mappedRole,
      at: deps.now(),
    },
    {
      newId: deps.newId,
      decide: (current, otherOwners, pinned) =>
        decideRole({ current, mapped: effectiveRole(mappedRole, pinned), otherOwners }),
      describe: (settled) => describeSignIn(deps, connection, settled),
    },
  );
  if (outcome.decision.kind === 'denied') return null;
  if (outcome.userId === null || assertion.nameId === null) {
    throw new AppError('bug', 'Somebody without a name was given a role.');
  }
  return deps.sessions.prepare({
    tenantId: connection.tenantId,
    userId: outcome.userId,
    connectionId: connection.id,
    nameId: assertion.nameId,
    sessionIndex: assertion.sessionIndex,
    endsBefore: readInstant(assertion.sessionNotOnOrAfter),
    browserHash: input.request?.browserHash ?? null,
    returnTo: input.returnTo,
  });
}

async function feedDirectory(deps: LoginDeps, connection: SsoConnection, person: Person): Promise<void> {
  const { jit, jitDays } = connection.settings;
  const isOn = jit === 'on' || (jit === 'auto' && !(await deps.directory.isScimOn(connection.tenantId)));
  if (!isOn) return;
  const { groups, ...facts } = person;
  await deps.directory.feed(connection.tenantId, {
    ...facts,
    connectionId: connection.id,
    isEmailProven: await isProven(deps, connection.tenantId, person.email),
    groups: groups.kind === 'given' ? groups.names : null,
    validUntil: new Date(deps.now().getTime() + jitDays * 86_400_000),
  });
}

async function isProven(deps: LoginDeps, tenantId: string, email: string | null): Promise<boolean> {
  const domain = email === null ? '' : domainOf(email);
  const claim = domain === '' ? null : await deps.domains.find(tenantId, domain);
  return claim !== null && claim.verifiedAt !== null;
}

function describeSignIn(deps: LoginDeps, connection: SsoConnection, outcome: LoginOutcome): AuditEntry {
  const { decision, previousRole, userId } = outcome;
  return {
    at: deps.now(),
    actor: `sso:${connection.name}`,
    action: SIGN_IN_ACTIONS[decision.kind],
    targetType: userId === null ? 'sso-connection' : 'console-user',
    targetId: userId ?? connection.id,
    data: { role: decision.kind === 'denied' ? null : decision.role, previousRole },
  };
}

const SIGN_IN_ACTIONS: Readonly<Record<LoginOutcome['decision']['kind'], string>> = {
  granted: 'console.signed-in',
  keptAsLastOwner: 'console.signed-in-as-last-owner',
  denied: 'console.sign-in-denied',
};
