import { AppError } from '../domain/errors.js';
import { isCron } from '../lib/cron.js';
import { decryptSecret, encryptSecret } from '../lib/crypto.js';
import { makeHttpClient } from '../lib/http-client.js';
import { readAddress } from '../mail/contacts.js';
import type { ReportJobs } from '../jobs/reports.js';
import { makeReportDelivery, type ReportDelivery } from '../report/delivery/deliver.js';
import { makeDestinations, type Destinations } from '../report/delivery/destinations.js';
import { makeDeliveryStore } from '../store/report/deliveries.js';
import { makeDestinationStore } from '../store/report/destinations.js';
import { buildReports, type ReportParts } from './reports.js';
import type { Services } from './services.js';

const TIMEOUT_MS = 15_000;
/** Of an answer only its status counts. */
const RESPONSE_MAX_BYTES = 100_000;

/** Who gets reports. */
export function buildDestinations({
  database,
  keyring,
  allowLoopback,
  newId,
  clock,
}: Services): Destinations {
  return makeDestinations({
    destinations: makeDestinationStore(database),
    deliveries: makeDeliveryStore(database),
    readAddress,
    assertCron,
    encrypt: (plain, context) => encryptSecret(plain, keyring, context),
    allowLoopback,
    newId,
    now: () => clock.now(),
  });
}

function assertCron(cron: string, timeZone: string): void {
  if (isCron(cron, timeZone)) return;
  throw new AppError(
    'invalid',
    `"${cron.slice(0, 60)}" is no schedule. Write minute, hour, day of month, month and day of week, such as "0 7 * * 1" for Mondays at seven.`,
  );
}

/** Makes reports when their moment has come, and sends them. */
export function buildReportDelivery(parts: ReportParts): ReportDelivery {
  const { database, keyring, allowLoopback, clock, newId, log } = parts.services;
  const http = makeHttpClient({
    allowLoopback,
    maxConnections: 4,
    timeoutMs: TIMEOUT_MS,
    maxResponseBytes: RESPONSE_MAX_BYTES,
  });
  return makeReportDelivery({
    destinations: makeDestinationStore(database),
    deliveries: makeDeliveryStore(database),
    reports: buildReports(parts),
    request: (request) => http.request(request),
    decrypt: (envelope, context) => decryptSecret(envelope, keyring, context),
    clock,
    newId,
    random: Math.random,
    log,
  });
}

export function buildReportJobs(services: Services): ReportJobs {
  const delivery = buildReportDelivery({ services });
  const destinations = makeDestinationStore(services.database);
  return {
    async listSchedules() {
      const active = await destinations.listAllActive();
      return active.map(({ id, ...destination }) => ({ ...destination, destinationId: id }));
    },
    async run(key) {
      await delivery.run(key);
    },
    deliverDue: () => delivery.deliverDue(),
  };
}
