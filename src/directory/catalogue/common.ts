import { attribute, type AttributeDefinition } from './attribute.js';

const READ_ONLY = { mutability: 'readOnly' } as const;

/** What every resource carries without any schema naming it (RFC 7643 sections 3 and 3.1). */
export const COMMON_ATTRIBUTES: readonly AttributeDefinition[] = [
  attribute('schemas', 'URNs of the schemas that the resource uses.', {
    type: 'reference',
    multiValued: true,
    required: true,
    caseExact: true,
    returned: 'always',
    referenceTypes: ['uri'],
  }),
  attribute('id', 'Identifier that Patchbay gave the resource; never changes.', {
    ...READ_ONLY,
    caseExact: true,
    returned: 'always',
    uniqueness: 'server',
  }),
  attribute('externalId', 'Identifier that the identity provider gave the resource.', { caseExact: true }),
  attribute('meta', 'Facts about the resource itself.', {
    ...READ_ONLY,
    type: 'complex',
    subAttributes: [
      attribute('resourceType', 'Name of the resource type.', { ...READ_ONLY, caseExact: true }),
      attribute('created', 'When the resource was created.', { ...READ_ONLY, type: 'dateTime' }),
      attribute('lastModified', 'When the resource last changed.', { ...READ_ONLY, type: 'dateTime' }),
      attribute('location', 'URI of the resource.', {
        ...READ_ONLY,
        type: 'reference',
        caseExact: true,
        referenceTypes: ['uri'],
      }),
      attribute('version', 'Entity tag of this state of the resource.', { ...READ_ONLY, caseExact: true }),
    ],
  }),
];
