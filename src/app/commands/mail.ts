import { Option, type Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import { makeContacts, readAddress } from '../../mail/contacts.js';
import { NO_SERVER } from '../../mail/deliver.js';
import { MAIL_KINDS, type ListedMail } from '../../mail/ports.js';
import { makeMailContactStore } from '../../store/mail/contacts.js';
import { makeOutboxView } from '../../store/mail/outbox.js';
import { mailServerOf } from '../mail.js';
import type { Services } from '../services.js';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';

interface TenantOption {
  readonly tenant: string;
}

/** `patchbay mail list | test | contacts ...`: what is sent to whom. */
export function addMailCommands(program: Command, context: CommandContext): void {
  const mail = program.command('mail').description('e-mails: who is told of what, and what was sent');
  addList(mail, context);
  addTest(mail, context);
  addContacts(mail.command('contacts').description('who is told of what by e-mail'), context);
}

function addList(mail: Command, context: CommandContext): void {
  mail
    .command('list')
    .description('list the newest e-mails with what became of them')
    .requiredOption('--tenant <slug>', 'tenant')
    .addOption(new Option('--state <state>', 'only these').choices(['due', 'sent', 'failed']))
    .action(async (options: TenantOption & { state?: ListedMail['state'] }, command: Command) => {
      const mails = await context.withServices(async (services) => {
        const { id } = await services.tenants.bySlug(options.tenant);
        const query = { state: options.state ?? null, after: null, limit: 100 };
        return (await makeOutboxView(services.database).list(id, query)).rows;
      });
      const hasServer = context.config.smtpUrl !== undefined;
      const rows = mails.map((one) => [
        one.createdAt.toISOString().slice(0, 16).replace('T', ' '), one.kind, one.subject,
        (one.recipients ?? ['(contacts)']).join(', '), fate(one, hasServer),
      ]); // prettier-ignore
      const table = renderTable(['written', 'kind', 'subject', 'to', 'state'], rows);
      print(context, command, mails, rows.length === 0 ? 'No e-mail was written yet.' : table);
    });
}

function fate({ state, lastError, attempts }: ListedMail, hasServer: boolean): string {
  if (state === 'sent') return 'sent';
  if (state === 'failed') return `failed: ${lastError ?? ''}`;
  if (!hasServer) return NO_SERVER;
  return attempts === 0 ? 'waits to be sent' : `tried ${attempts} times: ${lastError ?? ''}`;
}

function addTest(mail: Command, context: CommandContext): void {
  mail
    .command('test <address>')
    .description('send an e-mail through the configured mail server now, and say what it answered')
    .action(async (address: string, _options: object, command: Command) => {
      const recipient = readAddress(address);
      const server = mailServerOf(context.config);
      if (server === null) {
        throw new AppError('invalid', 'There is no mail server. Set SMTP_URL and MAIL_FROM, then try again.');
      }
      try {
        const outcome = await server.send(testMail(), recipient);
        if (outcome.type !== 'accepted') {
          throw new AppError('unavailable', `${server.name} did not take the e-mail: ${outcome.reason}`);
        }
      } finally {
        server.close();
      }
      print(context, command, { sent: recipient, server: server.name }, `${server.name} took the e-mail.`);
    });
}

function testMail() {
  return {
    tenantId: '', id: `test-${Date.now()}`, kind: 'set-up', recipients: null, subject: 'Patchbay can send e-mails',
    text: 'This is a test. Somebody ran: patchbay mail test\n', html: null,
        isSealed: false, attachments: [], attempts: 0, deliveredTo: [],
  } as const; // prettier-ignore
}

function addContacts(contacts: Command, context: CommandContext): void {
  const withContacts = async <T>(
    slug: string,
    work: (parts: { tenantId: string; contacts: ReturnType<typeof contactsOf> }) => Promise<T>,
  ): Promise<T> =>
    context.withServices(async (services) =>
      work({ tenantId: (await services.tenants.bySlug(slug)).id, contacts: contactsOf(services) }),
    );
  contacts
    .command('list')
    .description('list the contacts and what each is told')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: TenantOption, command: Command) => {
      const found = await withContacts(options.tenant, (on) => on.contacts.list(on.tenantId));
      const rows = found.map(({ email, kinds }) => [
        email,
        kinds.length === 0 ? 'everything' : kinds.join(', '),
      ]);
      const text = rows.length === 0 ? 'Nobody is chosen: the owners of the console are told.' : '';
      print(context, command, found, text || renderTable(['address', 'is told'], rows));
    });
  contacts
    .command('add <address>')
    .description('tell somebody, or change what somebody is told')
    .requiredOption('--tenant <slug>', 'tenant')
    .addOption(
      new Option('--kinds <kinds...>', 'what of; everything without it').choices(MAIL_KINDS).default([]),
    )
    .action(async (email: string, options: TenantOption & { kinds: string[] }, command: Command) => {
      const input = { email, kinds: options.kinds, actor: context.actor };
      const saved = await withContacts(options.tenant, (on) =>
        on.contacts.save({ tenantId: on.tenantId, ...input }),
      );
      print(context, command, saved, `${saved.email} is told.`);
    });
  contacts
    .command('remove <address>')
    .description('tell somebody nothing any more')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (email: string, options: TenantOption, command: Command) => {
      await withContacts(options.tenant, async (on) => {
        const found = (await on.contacts.list(on.tenantId)).find(
          (contact) => contact.email.toLowerCase() === email.trim().toLowerCase(),
        );
        if (found === undefined) throw new AppError('notFound', `There is no contact ${email}.`);
        await on.contacts.remove({ tenantId: on.tenantId, contactId: found.id, actor: context.actor });
      });
      print(context, command, { removed: email }, `${email} is told nothing any more.`);
    });
}

function contactsOf({ database, newId, clock }: Services) {
  return makeContacts({ contacts: makeMailContactStore(database), newId, now: () => clock.now() });
}
