import { timingSafeEqual } from 'node:crypto';
import { Router, type Request, type RequestHandler } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** One value of a gauge that is read when somebody asks. */
export interface GaugeValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A gauge whose values are read together with others. */
export interface GaugeReading {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly values: readonly GaugeValue[];
}

export interface MetricsDeps {
  /** null: only this machine itself may ask. */
  readonly token: string | null;
  /** Facts of the database. Asked at most once in a few seconds. */
  readonly readGauges: () => Promise<readonly GaugeReading[]>;
}

export interface Metrics {
  /** Counts every request that is answered. In front of everything. */
  readonly watch: RequestHandler;
  /** `/metrics`. */
  readonly router: Router;
}

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const FRESH_MS = 5_000;

/** Figures for operators, in Prometheus's text format. */
export function makeMetrics({ token, readGauges }: MetricsDeps): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'patchbay_http_request_duration_seconds',
    help: 'How long requests took to answer, by part of the service',
    labelNames: ['part', 'method', 'status'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  const facts = makeFacts(readGauges);
  const router = Router();
  router.get('/metrics', async (request, response) => {
    if (!mayAsk(request, token)) {
      response.status(404).end();
      return;
    }
    const found = await facts();
    const texts = await Promise.all([registry.metrics(), found.metrics()]);
    response.set('Cache-Control', 'no-store').type(registry.contentType).send(texts.join('\n'));
  });
  return {
    router,
    watch(request, response, next) {
      const startedMs = performance.now();
      const { method, originalUrl } = request;
      response.once('close', () => {
        const labels = {
          part: partOf(originalUrl),
          method: knownMethod(method),
          status: response.statusCode,
        };
        requests.observe(labels, (performance.now() - startedMs) / 1_000);
      });
      next();
    },
  };
}

const PARTS = ['scim', 'oauth', 'sso', 'console', 'api', 'healthz', 'readyz', 'metrics'];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Never more values than these: a label per address would grow without end. */
function partOf(url: string): string {
  const [, first = ''] = url.split(/[/?]/, 2);
  return PARTS.includes(first) ? first : 'other';
}

function knownMethod(method: string): string {
  return METHODS.includes(method) ? method : 'other';
}

/**
 * With a token, whoever shows it. Without one, only who speaks to us from this machine and for itself: what a proxy on
 * this machine forwards may come from anywhere.
 */
function mayAsk(request: Request, token: string | null): boolean {
  if (token !== null) return isBearer(request.get('authorization'), token);
  const address = request.socket.remoteAddress ?? '';
  const isLocal = /^(?:::ffff:)?127\.|^::1$/.test(address);
  const isForwarded = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'].some(
    (name) => request.get(name) !== undefined,
  );
  return isLocal && !isForwarded;
}

function isBearer(header: string | undefined, token: string): boolean {
  const [, sent] = /^Bearer +(\S+)$/i.exec(header ?? '') ?? [];
  const shown = Buffer.from(sent ?? '');
  const wanted = Buffer.from(token);
  return shown.length === wanted.length && timingSafeEqual(shown, wanted);
}

/** Gauges from one reading: several scrapers in a row share it. */
function makeFacts(readGauges: MetricsDeps['readGauges']): () => Promise<Registry> {
  let reading: { readonly atMs: number; readonly registry: Promise<Registry> } | null = null;
  return () => {
    const nowMs = performance.now();
    if (reading === null || nowMs - reading.atMs > FRESH_MS) {
      reading = { atMs: nowMs, registry: readGauges().then(toRegistry) };
      reading.registry.catch(() => (reading = null));
    }
    return reading.registry;
  };
}

function toRegistry(readings: readonly GaugeReading[]): Registry {
  const registry = new Registry();
  for (const { name, help, labels, values } of readings) {
    const gauge = new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
    for (const one of values) gauge.set({ ...one.labels }, one.value);
  }
  return registry;
}
