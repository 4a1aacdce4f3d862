import { request } from 'node:http';
import { isIPv4 } from 'node:net';

import type { OutboxItem, WebhookRecord } from './records.js';
import type { AircallSandboxSettings } from './settings.js';
import type { AircallState } from './state.js';
import { hears } from './webhook-events.js';
import type { VendorEvent } from './world.js';

/** Events waiting at most; beyond that they are dropped and counted. */
const OUTBOX_MAX = 1000;

export interface DeliveryCounts {
  readonly delivered: number;
  /** Given up after the last attempt; the webhook is then switched off. */
  readonly failed: number;
  /** Not sent: the outbox was full, or the address is not `http:` on this machine. */
  readonly dropped: number;
}

export interface Delivery {
  /** Queues the event for every webhook that hears it. */
  emit(event: VendorEvent): void;
  /** Starts sending what is queued; nothing is sent before this or after `stop`. */
  start(): void;
  stop(): Promise<void>;
  /** Resolves when nothing is queued any more. */
  idle(): Promise<void>;
  counts(): DeliveryCounts;
}

/**
 * At-least-once delivery with the token in the body (vendors.md 1.9), to this machine only: a
 * simulation must not reach out to the addresses that a test happens to register.
 */
export function makeDelivery({
  state,
  settings,
  nowSeconds,
  realNow,
  changed,
}: {
  readonly state: AircallState;
  readonly settings: AircallSandboxSettings;
  /** Sandbox time, for the payload. */
  readonly nowSeconds: () => number;
  /** Real time in milliseconds, for retries: receivers live outside of the sandbox's time. */
  readonly realNow: () => number;
  /** Called when the outbox changed apart from a request. */
  readonly changed: () => void;
}): Delivery {
  const counts = { delivered: 0, failed: 0, dropped: 0 };
  let waiters: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let stopping: AbortController | undefined;
  let sending: Promise<void> | undefined;

  function emit(event: VendorEvent): void {
    for (const webhook of state.webhooks.filter((hook) => hears(hook, event.event))) {
      const payload = JSON.stringify({ ...event, timestamp: nowSeconds(), token: webhook.token });
      for (let copy = 0; copy <= settings.webhookDuplicates; copy += 1) enqueue(webhook, payload);
    }
    schedule();
  }

  function enqueue({ webhookId }: WebhookRecord, payload: string): void {
    if (state.outbox.length >= OUTBOX_MAX) counts.dropped += 1;
    else state.outbox.push({ id: state.next.outbox++, webhookId, payload, attempts: 0, notBefore: 0 });
  }

  function schedule(): void {
    if (timer !== undefined || sending !== undefined) return;
    if (state.outbox.length === 0) {
      waiters.forEach((resolve) => resolve());
      waiters = [];
      return;
    }
    if (stopping === undefined) return;
    const earliest = Math.min(...state.outbox.map((item) => item.notBefore));
    const wait = Math.max(settings.webhookBatchMs, earliest - realNow());
    timer = setTimeout(() => {
      timer = undefined;
      sending = sendDue().finally(() => {
        sending = undefined;
        schedule();
      });
    }, wait).unref();
  }

  async function sendDue(): Promise<void> {
    const due = state.outbox.filter((item) => item.notBefore <= realNow());
    if (settings.webhookOrder === 'reversed') due.reverse();
    for (const item of due) {
      if (stopping === undefined) return;
      await attempt(item, stopping.signal);
      changed();
    }
  }

  async function attempt(item: OutboxItem, stopSignal: AbortSignal): Promise<void> {
    const webhook = state.webhooks.find((hook) => hook.webhookId === item.webhookId);
    if (webhook === undefined || !webhook.isActive) return discard(item);
    if (!isLocal(webhook.url)) {
      counts.dropped += 1;
      return discard(item);
    }
    const isDelivered = await post(
      webhook.url,
      item.payload,
      AbortSignal.any([stopSignal, AbortSignal.timeout(settings.webhookTimeoutMs)]),
    );
    if (isDelivered) {
      counts.delivered += 1;
      return discard(item);
    }
    if (stopSignal.aborted) return;
    item.attempts += 1;
    item.notBefore = realNow() + settings.webhookRetryMs;
    if (item.attempts < settings.webhookAttempts) return;
    counts.failed += 1;
    webhook.isActive = false;
    discard(item);
  }

  function discard(item: OutboxItem): void {
    const position = state.outbox.indexOf(item);
    if (position !== -1) state.outbox.splice(position, 1);
  }

  return {
    emit,
    counts: () => ({ ...counts }),
    start() {
      stopping = new AbortController();
      schedule();
    },
    async stop() {
      stopping?.abort();
      stopping = undefined;
      clearTimeout(timer);
      timer = undefined;
      await sending;
    },
    idle: () =>
      new Promise((resolve) => {
        waiters.push(resolve);
        schedule();
      }),
  };
}

function isLocal(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return (
    protocol === 'http:' &&
    (hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.')))
  );
}

/** One POST on a connection of its own; redirects are not followed. Answers whether it was a 2xx before the signal. */
function post(url: string, payload: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request(url, {
      method: 'POST',
      agent: false,
      signal,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) },
    });
    sent.once('error', () => resolve(false));
    sent.once('response', (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      resolve(status >= 200 && status < 300);
    });
    sent.end(payload);
  });
}
