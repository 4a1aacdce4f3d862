import type { WebhookRecord } from './records.js';

/** The events of vendors.md 1.9 that concern people and numbers; a webhook may name others. */
export const knownEvents: readonly string[] = [
  'user.created.v2',
  'user.deleted.v2',
  'user.connected.v2',
  'user.disconnected.v2',
  'user.opened.v2',
  'user.closed.v2',
  'user.wut_start.v2',
  'user.wut_end.v2',
  'number.created',
  'number.opened',
  'number.closed',
  'number.deleted',
];

/** The events a webhook hears of; an empty list stands for all. */
export function eventsOf(webhook: WebhookRecord): readonly string[] {
  return webhook.events.length === 0 ? knownEvents : webhook.events;
}

export function hears(webhook: WebhookRecord, event: string): boolean {
  return webhook.isActive && (webhook.events.length === 0 || webhook.events.includes(event));
}
