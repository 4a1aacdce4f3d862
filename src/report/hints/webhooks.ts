import { randomUUID } from 'node:crypto';
import { AppError } from '../../domain/errors.js';
import type { Clock } from '../../lib/clock.js';
import { hashToken } from '../../lib/tokens.js';
import type { Provider } from '../../providers/port.js';
import type { AccountKey, VendorOpener } from '../../reconcile/ports.js';
import type { HintStore, VendorWebhook } from './ports.js';

export interface WebhooksDeps {
  readonly hints: HintStore;
  readonly vendors: VendorOpener;
  /** Origin under which the vendor reaches us. */
  readonly publicUrl: string;
  readonly clock: Clock;
}

/** Registration of our webhook at an account's vendor. */
export interface Webhooks {
  find(account: AccountKey): Promise<VendorWebhook | null>;
  /** Registers it at the vendor, in the place of an older one. Throws AppError `capability` or what the vendor threw. */
  register(account: AccountKey, actor: string): Promise<VendorWebhook>;
  /** Removes it there and here. */
  remove(account: AccountKey, actor: string): Promise<void>;
}

const ANY_TIME = { sliceEndsAt: () => Infinity, assertMayCall: () => undefined };

export function makeWebhooks(deps: WebhooksDeps): Webhooks {
  const { hints, publicUrl, clock } = deps;
  return {
    find: (account) => hints.webhookOf(account),
    async register({ tenantId, accountId }, actor) {
      const account = { tenantId, accountId };
      const { register } = await openWebhooks(deps, account);
      // Random throughout, unlike other ids: it is part of an address that only the vendor should know.
      const id = randomUUID();
      const url = `${publicUrl}/hooks/${id}`;
      const older = await hints.webhookOf(account);
      const { remoteId, token } = await register(url);
      const at = clock.now();
      const webhook = {
        tenantId,
        accountId,
        id,
        remoteId,
        url,
        tokenHash: hashToken(token),
        createdAt: at,
        lastEventAt: null,
      };
      await hints.saveWebhook(webhook, { at, actor, action: 'webhook.registered', data: { remoteId } });
      if (older !== null) await (await openWebhooks(deps, account)).remove(older.remoteId);
      return webhook;
    },
    async remove(account, actor) {
      const webhook = await hints.webhookOf(account);
      if (webhook === null) throw new AppError('notFound', 'No webhook is registered for this account.');
      await (await openWebhooks(deps, account)).remove(webhook.remoteId);
      const data = { remoteId: webhook.remoteId };
      await hints.removeWebhook(account, { at: clock.now(), actor, action: 'webhook.removed', data });
    },
  };
}

async function openWebhooks(
  { vendors }: WebhooksDeps,
  account: AccountKey,
): Promise<NonNullable<Provider['webhooks']>> {
  const { provider, displayName } = await vendors.open(account, ANY_TIME);
  if (provider.webhooks !== undefined) return provider.webhooks;
  throw new AppError(
    'capability',
    `${displayName} has no webhooks about people. Patchbay finds changes there on its schedule.`,
  );
}
