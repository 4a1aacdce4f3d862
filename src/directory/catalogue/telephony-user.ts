import { attribute, type AttributeDefinition, type SchemaDefinition } from './attribute.js';

export const TELEPHONY_SCHEMA_ID = 'urn:patchbay:params:scim:schemas:extension:telephony:2.0:User';

const READ_ONLY = { mutability: 'readOnly' } as const;

/**
 * Our own extension. Numbers are one flat list per access kind because identity providers can map a list of strings
 * to an extension attribute, but not a list of objects.
 */
export const TELEPHONY_SCHEMA: SchemaDefinition = {
  id: TELEPHONY_SCHEMA_ID,
  name: 'TelephonyUser',
  description: 'What a person should hold in the phone systems, and what became of it.',
  attributes: [
    attribute('role', 'Wished role; mapping rules decide.', {
      canonicalValues: ['agent', 'supervisor', 'admin'],
    }),
    list('teams', 'Names of wished teams.'),
    list('assignedNumbers', 'Numbers that should ring, record and take voicemail, as +33176111111.'),
    list('outboundNumbers', 'Numbers that the person may show as caller ID only.'),
    list('callFlowNumbers', 'Numbers that should ring without giving access to their records.'),
    attribute('wrapUpTimeSeconds', 'Pause after each call, in seconds.', { type: 'integer' }),
    attribute('extension', 'Internal extension.'),
    attribute('accounts', 'One entry for each phone system account that the person has an agent in.', {
      ...READ_ONLY,
      // Looked up in other tables: only for who asks for it by name.
      returned: 'request',
      type: 'complex',
      multiValued: true,
      subAttributes: [
        attribute('value', 'Identifier of the account.', { ...READ_ONLY, caseExact: true }),
        attribute('display', 'Name of the account.', READ_ONLY),
        attribute('status', 'Where the agent stands.', {
          ...READ_ONLY,
          canonicalValues: ['pending', 'active', 'parked', 'deleted', 'held', 'failed'],
        }),
        attribute('lastAppliedAt', 'When a change was last applied to the agent.', {
          ...READ_ONLY,
          type: 'dateTime',
        }),
        attribute('reason', 'Why the agent is held or failed.', READ_ONLY),
      ],
    }),
  ],
};

function list(name: string, description: string): AttributeDefinition {
  return attribute(name, description, { multiValued: true });
}
