import { z } from 'zod';
import { AppError } from '../domain/errors.js';
import { MAIL_KINDS, type MailContact, type MailContactStore, type MailKind } from './ports.js';

export interface ContactsDeps {
  readonly contacts: MailContactStore;
  readonly newId: () => string;
  readonly now: () => Date;
}

export interface Contacts {
  list(tenantId: string): Promise<readonly MailContact[]>;
  /**
   * Adds a contact, or changes what a known one is told; no kinds: everything. Throws AppError `invalid` for a bad
   * address or kind.
   */
  save(input: {
    readonly tenantId: string;
    readonly email: string;
    readonly kinds: readonly string[];
    readonly actor: string;
  }): Promise<MailContact>;
  /** Throws AppError `notFound`. */
  remove(input: {
    readonly tenantId: string;
    readonly contactId: string;
    readonly actor: string;
  }): Promise<void>;
}

const CONTACTS_MAX = 100;

/** Who is told of what by e-mail. */
export function makeContacts({ contacts, newId, now }: ContactsDeps): Contacts {
  return {
    list: (tenantId) => contacts.list(tenantId),
    async save({ tenantId, email, kinds, actor }) {
      const contact = {
        id: newId(),
        email: readAddress(email),
        kinds: kinds.map(readKind),
        createdAt: now(),
        createdBy: actor,
      };
      if ((await contacts.list(tenantId)).length >= CONTACTS_MAX) {
        throw new AppError(
          'invalid',
          `There are ${CONTACTS_MAX} contacts already. Remove one, or use a distribution list.`,
        );
      }
      return contacts.save(tenantId, contact);
    },
    async remove({ tenantId, contactId, actor }) {
      if (await contacts.remove(tenantId, contactId, { at: now(), actor })) return;
      throw new AppError('notFound', 'There is no such contact. Somebody may have removed it already.');
    },
  };
}

/** One address, and nothing that a mail program could read as more. Throws AppError `invalid`. */
export function readAddress(text: string): string {
  const parsed = z.email().max(254).safeParse(text.trim());
  if (parsed.success) return parsed.data;
  throw new AppError(
    'invalid',
    `"${text.slice(0, 100)}" is no e-mail address. Write one such as it@acme.example.`,
  );
}

function readKind(kind: string): MailKind {
  const known = MAIL_KINDS.find((one) => one === kind);
  if (known !== undefined) return known;
  throw new AppError(
    'invalid',
    `There are no e-mails of the kind "${kind}". Kinds: ${MAIL_KINDS.join(', ')}.`,
  );
}
