import { z } from 'zod';
import { MAIL_KINDS } from '../../mail/ports.js';
import { allOf, listOf, moment, named } from './parts.js';

const kind = z.enum(MAIL_KINDS);

export const contact = named(
  'NotificationContact',
  z.object({
    id: z.string(),
    email: z.string(),
    kinds: z.array(kind).describe('Empty: all of them'),
    createdAt: moment,
    createdBy: z.string(),
  }),
);
export const contacts = allOf('NotificationContacts', contact);
export const newContact = named(
  'NewNotificationContact',
  z.strictObject({
    email: z.string().min(3).max(254),
    kinds: z.array(kind).max(MAIL_KINDS.length).default([]).describe('Empty: all of them'),
  }),
);

export const mails = listOf(
  'Emails',
  named(
    'Email',
    z.object({
      id: z.string(),
      kind,
      recipients: z.array(z.string()).nullable().describe('null: the contacts for its kind'),
      subject: z.string(),
      state: z.enum(['due', 'sent', 'failed']),
      attempts: z.number().int(),
      dueAt: moment,
      deliveredTo: z.array(z.string()),
      lastError: z.string().nullable(),
      createdAt: moment,
      endedAt: moment.nullable(),
    }),
  ),
);
