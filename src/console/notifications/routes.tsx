import type { Contacts } from '../../mail/contacts.js';
import { MAIL_KINDS, type OutboxView } from '../../mail/ports.js';
import { param, queryChoice, queryCursor, type PageContext } from '../kit/context.js';
import { formFields } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { NotificationsPage } from './notifications.js';

export interface NotificationsDeps {
  readonly contacts: Contacts;
  readonly outbox: OutboxView;
  readonly hasMailServer: boolean;
}

const PAGE_LENGTH = 50;
const STATES = ['due', 'sent', 'failed'] as const;

export function addNotifications(pages: Pages, deps: NotificationsDeps): void {
  const show = (context: PageContext) => showNotifications(deps, context);
  pages.get('/notifications', 'read', show);
  pages.post('/notifications/contacts', 'notifications:write', (context) => saveContact(deps, context), show);
  pages.post('/notifications/contacts/:id/remove', 'notifications:write', async (context) => {
    const { tenantId } = context.session;
    await deps.contacts.remove({ tenantId, contactId: param(context, 'id'), actor: context.actor });
    return redirect(paths.notifications(), 'contact-removed');
  });
}

async function showNotifications(deps: NotificationsDeps, context: PageContext): Promise<Result> {
  const { tenantId } = context.session;
  const state = queryChoice(context, 'state', STATES);
  const after = queryCursor(context);
  const [contacts, mails] = await Promise.all([
    deps.contacts.list(tenantId),
    deps.outbox.list(tenantId, { state, after, limit: PAGE_LENGTH }),
  ]);
  const { hasMailServer } = deps;
  return page(
    'Notifications',
    <NotificationsPage {...{ context, contacts, mails, state, after, hasMailServer }} />,
  );
}

async function saveContact({ contacts }: NotificationsDeps, context: PageContext): Promise<Result> {
  const sent = formFields(context.request);
  await contacts.save({
    tenantId: context.session.tenantId,
    email: sent['email'] ?? '',
    kinds: MAIL_KINDS.filter((kind) => sent[`kind.${kind}`] === 'yes'),
    actor: context.actor,
  });
  return redirect(paths.notifications(), 'contact-saved');
}
