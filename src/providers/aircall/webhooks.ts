import { z } from 'zod';
import { isAppError } from '../../domain/errors.js';
import type { VendorEvent, WebhookRegistration } from '../port.js';
import type { AircallClient } from './client.js';

/** The only events that say anything about who is there and in use (vendors.md 1.9); unsuffixed names are deprecated. */
const EVENTS = ['user.created.v2', 'user.deleted.v2', 'user.connected.v2'] as const;
const KINDS = { created: 'created', deleted: 'deleted', connected: 'used' } as const;

const WebhookAnswer = z.object({
  webhook: z.object({ webhook_id: z.string().min(1), token: z.string().min(1) }),
});

/** Asks for events about users only: a list without any would mean all of them, calls included. */
export async function registerWebhook(client: AircallClient, url: string): Promise<WebhookRegistration> {
  const { webhook } = await client.request(
    {
      purpose: 'register a webhook',
      method: 'POST',
      route: '/v1/webhooks',
      body: { url, custom_name: 'Patchbay', events: EVENTS },
    },
    WebhookAnswer,
  );
  return { remoteId: webhook.webhook_id, token: webhook.token };
}

/** "Already gone" is success: a webhook that failed too often may have been removed by hand. */
export async function removeWebhook(client: AircallClient, remoteId: string): Promise<void> {
  const call = {
    purpose: 'remove the webhook',
    method: 'DELETE',
    route: '/v1/webhooks/:id',
    params: { id: remoteId },
  } as const;
  try {
    await client.request(call, z.unknown());
  } catch (error) {
    if (!isAppError(error, 'notFound')) throw error;
  }
}

const Delivery = z.object({
  event: z.string().max(100),
  token: z.string().min(1).max(200),
  data: z.object({
    id: z.union([z.number(), z.string().min(1).max(100)]),
    email: z.string().max(320).nullish(),
  }),
});

/** There is no signature: the token in the body is all there is to check (vendors.md 1.9). */
export function readDelivery(body: unknown): VendorEvent | null {
  const parsed = Delivery.safeParse(body);
  if (!parsed.success) return null;
  const { event, token, data } = parsed.data;
  const kind = /^user\.(created|deleted|connected)(?:\.v2)?$/u.exec(event)?.[1];
  return {
    token,
    kind: kind === undefined ? null : KINDS[kind as keyof typeof KINDS],
    providerUserId: String(data.id),
    email: data.email ?? null,
  };
}
