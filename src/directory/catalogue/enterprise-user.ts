import { attribute, type SchemaDefinition } from './attribute.js';

export const ENTERPRISE_SCHEMA_ID = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** RFC 7643 sections 4.3 and 8.7.1. */
export const ENTERPRISE_SCHEMA: SchemaDefinition = {
  id: ENTERPRISE_SCHEMA_ID,
  name: 'EnterpriseUser',
  description: 'What an organisation knows about a person who works for it.',
  attributes: [
    attribute('employeeNumber', 'Number or text that identifies the person in the organisation.'),
    attribute('costCenter', 'Cost centre.'),
    attribute('organization', 'Organisation.'),
    attribute('division', 'Division.'),
    attribute('department', 'Department.'),
    attribute('manager', 'The manager.', {
      type: 'complex',
      subAttributes: [
        attribute('value', "Identifier of the manager's user.", { caseExact: true }),
        attribute('$ref', "URI of the manager's user.", {
          type: 'reference',
          caseExact: true,
          referenceTypes: ['User'],
        }),
        attribute('displayName', 'Name of the manager.', { mutability: 'readOnly' }),
      ],
    }),
  ],
};
