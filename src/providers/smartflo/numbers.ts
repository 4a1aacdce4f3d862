import type { NumberAccess } from '../../domain/entitlement.js';
import { AppError } from '../../domain/errors.js';
import type { WriteOutcome } from '../port.js';
import type { SmartfloClient } from './client.js';
import { parseDestination, toE164 } from './convert.js';
import type { Directory } from './directory.js';
import { incapable, unknownShape } from './errors.js';
import { makeLock } from './lock.js';
import { AnyObject, PhoneNumbers, type PhoneNumber } from './schema.js';
import type { SmartfloConfig } from './settings.js';

export interface Numbers {
  list(): Promise<readonly PhoneNumber[]>;
  grant(providerUserId: string, access: NumberAccess): Promise<WriteOutcome>;
  revoke(providerUserId: string, access: NumberAccess): Promise<WriteOutcome>;
}

interface NumberDeps {
  readonly client: SmartfloClient;
  readonly config: SmartfloConfig;
  readonly directory: Directory;
}

const APPLIED: WriteOutcome = { result: 'applied', providerId: null };
const ALREADY: WriteOutcome = { result: 'already', providerId: null };
const LIST = { purpose: 'list the phone numbers', method: 'GET', route: '/v1/my_number' } as const;
const ROUTE = { purpose: 'change where a number leads', method: 'PUT', route: '/v1/my_number/:id' } as const;
const PATCH = { purpose: "change a user's caller ids", method: 'PATCH', route: '/v1/user/:id' } as const;

/**
 * Numbers of one Smartflo account (vendors.md 2.3). A number leads to one destination, so that `assigned` means its
 * destination is the person's agent and nobody else can have it. Caller ids are a list on the user, written whole.
 */
export function makeNumbers(deps: NumberDeps): Numbers {
  const lock = makeLock();
  const list = (): Promise<readonly PhoneNumber[]> => deps.client.request(LIST, PhoneNumbers);
  return {
    list,
    grant: (providerUserId, access) => lock(() => setAccess(deps, list, providerUserId, access, true)),
    revoke: (providerUserId, access) => lock(() => setAccess(deps, list, providerUserId, access, false)),
  };
}

async function setAccess(
  deps: NumberDeps,
  list: Numbers['list'],
  providerUserId: string,
  { number, kind }: NumberAccess,
  isHeld: boolean,
): Promise<WriteOutcome> {
  if (kind === 'call_flow') {
    throw incapable(
      'put one person into a call flow',
      'Let the number lead to a department, and change who is in the department.',
    );
  }
  if (kind === 'outbound' && deps.config.callerIds === 'hidden') throw hiddenCallerIds();
  const found = (await list()).find(({ did }) => toE164(did) === number);
  if (found === undefined) {
    if (!isHeld) return ALREADY;
    throw new AppError('notFound', `Smartflo has no number ${number} any more, so nobody was given it.`);
  }
  return kind === 'assigned'
    ? setDestination(deps, providerUserId, found, isHeld)
    : setCallerId(deps, providerUserId, found, isHeld);
}

async function setDestination(
  { client, config, directory }: NumberDeps,
  providerUserId: string,
  number: PhoneNumber,
  isHeld: boolean,
): Promise<WriteOutcome> {
  const ids = await directory.idsOf(providerUserId, { withIntercom: false });
  if (ids === null && !isHeld) return ALREADY;
  if (ids === null) {
    await directory.mustLook(providerUserId);
    throw new AppError('invalid', 'This Smartflo user has no agent, so that no number can ring them.');
  }
  const { kind, target } = parseDestination(number.destination ?? '');
  if ((kind === 'agent' && target === ids.agentId) === isHeld) return ALREADY;
  if (isHeld && config.takeNumbers === 'free-only' && !isFree(number, config)) throw notFree(number, kind);
  const destination = isHeld ? `agent||${ids.agentId}` : config.freeDestination;
  const body = {
    name: number.name ?? number.alias ?? '',
    description: number.description ?? '',
    ...(number['sms_template'] === undefined ? {} : { sms_template: number['sms_template'] }),
    destination,
  };
  await client.request({ ...ROUTE, params: { id: number.id }, body }, AnyObject);
  return APPLIED;
}

function isFree({ destination }: PhoneNumber, { freeDestination }: SmartfloConfig): boolean {
  return !destination || destination === freeDestination || destination === 'hangup||1';
}

function notFree(number: PhoneNumber, kind: string): AppError {
  const where = kind === 'agent' ? 'another person' : `another destination (${kind})`;
  return new AppError(
    'invalid',
    `Number ${toE164(number.did)} leads to ${where} at Smartflo, and a number leads to one destination only. Free it in ` +
      'the Smartflo portal, correct the rule, or set takeNumbers to "always" for this account.',
  );
}

/** Read, changed, written whole: without the list as it is, the others' numbers would be lost. */
async function setCallerId(
  { client, directory }: NumberDeps,
  providerUserId: string,
  { id }: PhoneNumber,
  isHeld: boolean,
): Promise<WriteOutcome> {
  const user = isHeld ? await directory.mustLook(providerUserId) : await directory.look(providerUserId);
  if (user === null) return ALREADY;
  const { callerIds } = user;
  if (callerIds === null) throw hiddenCallerIds();
  if (callerIds.includes(id) === isHeld) return ALREADY;
  const wanted = isHeld ? [...callerIds, id] : callerIds.filter((one) => one !== id);
  const body = { caller_id: wanted.map(toNumericId) };
  await client.request({ ...PATCH, params: { id: providerUserId }, body }, AnyObject);
  return APPLIED;
}

function toNumericId(id: string): number {
  const value = Number(id);
  if (Number.isSafeInteger(value)) return value;
  throw unknownShape(LIST, 'an id beyond what numbers hold');
}

function hiddenCallerIds(): AppError {
  return new AppError(
    'capability',
    "Smartflo does not show this account's caller ids, and writing one replaces them all. Give outbound numbers in the " +
      'Smartflo portal, and set callerIds to "hidden" for this account.',
  );
}
