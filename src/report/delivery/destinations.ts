import { randomBytes } from 'node:crypto';
import { AppError } from '../../domain/errors.js';
import { assertTimeZone } from '../reporting/reports.js';
import type {
  DeliveryAudit,
  DeliveryStore,
  Destination,
  DestinationConfig,
  DestinationKind,
  DestinationStore,
  ListedDelivery,
} from './ports.js';

export interface DestinationsDeps {
  readonly destinations: DestinationStore;
  readonly deliveries: Pick<DeliveryStore, 'list'>;
  /** Throws AppError `invalid` for what is no single e-mail address. */
  readonly readAddress: (text: string) => string;
  /** Throws AppError `invalid` for what is no five-field cron expression. */
  readonly assertCron: (cron: string, timeZone: string) => void;
  readonly encrypt: (plain: string, context: readonly string[]) => string;
  /** Whether reports may go to this machine, unencrypted: for tests. */
  readonly allowLoopback: boolean;
  readonly newId: () => string;
  readonly now: () => Date;
}

export interface DestinationWish {
  readonly tenantId: string;
  readonly name: string;
  readonly kind: DestinationKind;
  /** Addresses for e-mail, none meaning the contacts for reports; one URL for the others. */
  readonly targets: readonly string[];
  readonly cron: string;
  readonly timeZone: string;
  readonly quietWhenUnchanged: boolean;
  readonly actor: string;
}

export interface DestinationAction {
  readonly tenantId: string;
  readonly destinationId: string;
  readonly actor: string;
}

/** Who gets reports. All but `create` throw AppError `notFound`. */
export interface Destinations {
  /** `secret`: what a webhook's receiver checks signatures with, shown this once; null for the others. */
  create(
    wish: DestinationWish,
  ): Promise<{ readonly destination: Destination; readonly secret: string | null }>;
  list(tenantId: string): Promise<readonly Destination[]>;
  get(tenantId: string, destinationId: string): Promise<Destination>;
  setActive(action: DestinationAction, isActive: boolean): Promise<void>;
  remove(action: DestinationAction): Promise<void>;
  deliveries(tenantId: string): Promise<readonly ListedDelivery[]>;
}

const NAME_MAX_CHARS = 100;
const DESTINATIONS_MAX = 50;
const RECIPIENTS_MAX = 50;
const DELIVERIES_SHOWN = 100;

/** Ties an encrypted secret to its destination. */
export function destinationContext(tenantId: string, destinationId: string): readonly string[] {
  return [tenantId, destinationId, 'report-destination'];
}

export function makeDestinations(deps: DestinationsDeps): Destinations {
  const { destinations, now } = deps;
  const get = async (tenantId: string, destinationId: string): Promise<Destination> => {
    const found = await destinations.find(tenantId, destinationId);
    if (found === null) throw gone();
    return found;
  };
  return {
    async create(wish) {
      const { destination, secret } = prepare(deps, wish);
      if ((await destinations.list(wish.tenantId)).length >= DESTINATIONS_MAX) {
        throw new AppError(
          'invalid',
          `There are ${DESTINATIONS_MAX} destinations already. Remove one first.`,
        );
      }
      const { kind, cron, timeZone } = destination;
      await destinations.insert(destination, auditOf(deps, wish.actor, 'created', { kind, cron, timeZone }));
      return { destination, secret };
    },
    list: (tenantId) => destinations.list(tenantId),
    get,
    async setActive({ tenantId, destinationId, actor }, isActive) {
      const audit = auditOf(deps, actor, isActive ? 'resumed' : 'paused', {});
      if (!(await destinations.setActive(tenantId, destinationId, isActive, audit))) throw gone();
    },
    async remove({ tenantId, destinationId, actor }) {
      const audit = { at: now(), actor, action: 'report-destination.removed', data: {} };
      if (!(await destinations.remove(tenantId, destinationId, audit))) throw gone();
    },
    deliveries: (tenantId) => deps.deliveries.list(tenantId, DELIVERIES_SHOWN),
  };
}

function gone(): AppError {
  return new AppError('notFound', 'There is no such destination. Somebody may have removed it already.');
}

function auditOf(
  { now }: DestinationsDeps,
  actor: string,
  verb: string,
  data: Readonly<Record<string, unknown>>,
): DeliveryAudit {
  return { at: now(), actor, action: `report-destination.${verb}`, data };
}

function prepare(
  deps: DestinationsDeps,
  wish: DestinationWish,
): { readonly destination: Destination; readonly secret: string | null } {
  const { tenantId, kind, cron, timeZone, quietWhenUnchanged } = wish;
  const name = wish.name.trim();
  if (name === '' || name.length > NAME_MAX_CHARS) {
    throw new AppError('invalid', `Give the destination a name of up to ${NAME_MAX_CHARS} characters.`);
  }
  assertTimeZone(timeZone);
  deps.assertCron(cron, timeZone);
  const id = deps.newId();
  const { config, plain } = readTargets(deps, wish);
  const secrets = plain === null ? null : deps.encrypt(plain, destinationContext(tenantId, id));
  const destination = {
    tenantId, id, name, kind, config, secrets, cron, timeZone, quietWhenUnchanged, isActive: true, createdAt: deps.now(),
  }; // prettier-ignore
  return { destination, secret: kind === 'webhook' ? plain : null };
}

function readTargets(
  deps: DestinationsDeps,
  { kind, targets }: DestinationWish,
): { readonly config: DestinationConfig; readonly plain: string | null } {
  if (kind === 'email') {
    if (targets.length > RECIPIENTS_MAX) {
      throw new AppError('invalid', `At most ${RECIPIENTS_MAX} addresses. Use a distribution list.`);
    }
    const recipients = targets.length === 0 ? null : targets.map((target) => deps.readAddress(target));
    return { config: { recipients }, plain: null };
  }
  const [target, ...more] = targets;
  if (target === undefined || more.length > 0) {
    throw new AppError(
      'invalid',
      `A ${kind} destination has exactly one address, such as https://hooks.example.com/…`,
    );
  }
  const url = readUrl(deps, target);
  if (kind === 'slack') return { config: { url: url.host }, plain: url.href };
  return { config: { url: url.href }, plain: `whsec_${randomBytes(32).toString('base64')}` };
}

function readUrl({ allowLoopback }: DestinationsDeps, text: string): URL {
  const url = URL.parse(text.trim());
  const isPermitted = url?.protocol === 'https:' || (allowLoopback && url?.protocol === 'http:');
  if (url !== null && isPermitted && url.username === '' && url.password === '') return url;
  throw new AppError(
    'invalid',
    'The address must be a URL that begins with https:// and holds no user name or password.',
  );
}
