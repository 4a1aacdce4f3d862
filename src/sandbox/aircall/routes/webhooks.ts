import { z } from 'zod';

import { hexAt } from '../../prng.js';
import type { ApiRoute } from '../../reply.js';
import { paginate } from '../pagination.js';
import type { WebhookRecord } from '../records.js';
import { refuse } from '../replies.js';
import { readBody } from '../user-input.js';
import { eventsOf } from '../webhook-events.js';
import { webhookJson } from '../wire.js';
import type { World } from '../world.js';

const WEBHOOKS_MAX = 100;

const events = z.array(z.string().min(1)).max(200).optional();
const createBody = z.object({ url: z.url(), custom_name: z.string().optional(), events });
const updateBody = z.object({
  url: z.url().optional(),
  custom_name: z.string().optional(),
  active: z.boolean().optional(),
  events,
});

type Call = Parameters<ApiRoute['handle']>[0];
type Answer = ReturnType<ApiRoute['handle']>;

/** Webhooks (vendors.md 1.9). The list's meta has no links; the token is readable. */
export function webhookRoutes(world: World): ApiRoute[] {
  return [
    { method: 'get', path: '/v1/webhooks', handle: (call) => listWebhooks(world, call) },
    {
      method: 'get',
      path: '/v1/webhooks/:ref',
      handle: ({ params }) => ({
        status: 200,
        body: { webhook: webhookJson(world, webhookByRef(world, params), true) },
      }),
    },
    { method: 'post', path: '/v1/webhooks', handle: ({ body }) => postWebhook(world, body) },
    { method: 'put', path: '/v1/webhooks/:ref', handle: (call) => putWebhook(world, call) },
    { method: 'delete', path: '/v1/webhooks/:ref', handle: ({ params }) => removeWebhook(world, params) },
  ];
}

function webhookByRef({ state }: World, params: Call['params']): WebhookRecord {
  const ref = params['ref'];
  const found = state.webhooks.find((hook) => hook.webhookId === ref || String(hook.id) === ref);
  return found ?? refuse(404, 'There is no webhook with this id.');
}

function listWebhooks(world: World, call: Call): Answer {
  const page = paginate({ rows: world.state.webhooks, call, baseUrl: world.baseUrl() });
  const { next_page_link: _next, previous_page_link: _previous, ...meta } = page.meta;
  return { status: 200, body: { webhooks: page.rows.map((hook) => webhookJson(world, hook, true)), meta } };
}

function postWebhook(world: World, body: unknown): Answer {
  const { state, settings } = world;
  const input = readBody(createBody, body);
  if (state.webhooks.length >= WEBHOOKS_MAX) refuse(422, `A company has at most ${WEBHOOKS_MAX} webhooks.`);
  const id = state.next.webhook++;
  const webhook: WebhookRecord = {
    id,
    webhookId: uuidAt(settings.seed, id),
    url: input.url,
    customName: input.custom_name ?? '',
    events: input.events ?? [],
    isActive: true,
    token: hexAt(settings.seed, `webhook token ${id}`, 32),
    createdAt: world.clock.now(),
  };
  state.webhooks.push(webhook);
  return {
    status: settings.createStatus,
    body: { webhook: webhookJson(world, webhook, false) },
    effects: [`webhook.created ${webhook.webhookId}`],
  };
}

function putWebhook(world: World, { params, query, body }: Call): Answer {
  const webhook = webhookByRef(world, params);
  const input = readBody(updateBody, body);
  webhook.events = editedEvents(webhook, input.events ?? [], query.get('events_action'));
  webhook.url = input.url ?? webhook.url;
  webhook.customName = input.custom_name ?? webhook.customName;
  webhook.isActive = input.active ?? webhook.isActive;
  return {
    status: 200,
    body: { webhook: webhookJson(world, webhook, false) },
    effects: [`webhook.updated ${webhook.webhookId}`],
  };
}

/** Without an action the list is replaced, and an absent one means all events: a trap of the real API. */
function editedEvents(
  webhook: WebhookRecord,
  given: readonly string[],
  action: string | null,
): readonly string[] {
  switch (action) {
    case null:
      return given;
    case 'add':
      return webhook.events.length === 0 ? [] : [...new Set([...webhook.events, ...given])];
    case 'remove':
      return eventsOf(webhook).filter((event) => !given.includes(event));
    default:
      return refuse(400, 'events_action must be add or remove.');
  }
}

function removeWebhook(world: World, params: Call['params']): Answer {
  const webhook = webhookByRef(world, params);
  world.state.webhooks.splice(world.state.webhooks.indexOf(webhook), 1);
  return { status: 204, effects: [`webhook.deleted ${webhook.webhookId}`] };
}

function uuidAt(seed: number, id: number): string {
  const hex = hexAt(seed, `webhook ${id}`, 32);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
