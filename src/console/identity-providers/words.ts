import { ATTRIBUTE_PATHS } from '../../domain/attribute-paths.js';
import type { IdpDefinition, IdpKind } from '../../report/idp-port.js';
import { idpSettingsSchema } from '../../report/missed-pushes/source.js';
import { describeFields, type FieldWords, type FormField } from '../schema-form/fields.js';

/** Words for fields whose schema says too little in a form. */
const CONFIG_WORDS: FieldWords = {
  baseUrl: { label: 'Address' },
  appId: { label: 'Application id' },
  name: { label: 'What findings call it' },
  url: {
    label: 'Address of the server',
    hint: 'ldaps://ldap.example.com, with a port if it is not the usual one',
  },
  startTls: { label: 'StartTLS', hint: 'Encrypt a connection that begins as ldap://' },
  bindDn: { label: 'Who reads (bind DN)', hint: 'Such as cn=reader,dc=example,dc=com' },
  peopleBase: { label: 'Where people are', hint: 'Such as ou=people,dc=example,dc=com' },
  groupsBase: { label: 'Where groups are', hint: 'Left open: memberships are not compared' },
  idAttribute: { label: 'Attribute that never changes', hint: 'entryUUID; objectGUID in Active Directory' },
  'attributes.userName': { label: 'Attribute of the user name' },
  'attributes.email': { label: 'Attribute of the e-mail address' },
  'attributes.givenName': { label: 'Attribute of the given name' },
  'attributes.familyName': { label: 'Attribute of the family name' },
  'attributes.title': { label: 'Attribute of the title' },
  'attributes.department': { label: 'Attribute of the department' },
  'attributes.employeeNumber': { label: 'Attribute of the employee number' },
  'attributes.groupName': { label: 'Attribute of a group’s name' },
  'attributes.member': { label: 'Attribute of a group’s members' },
  ca: { label: 'Certificate of your own authority', hint: 'As PEM, where the server has one', isLong: true },
  'inactive.when': {
    label: 'Deactivated people are told by an attribute that',
    hint: 'Left open: everybody who is listed counts as active',
    choices: { present: 'is there at all', equals: 'has a certain value', bit: 'has a certain bit' },
  },
  'inactive.attribute': { label: 'That attribute', hint: 'Active Directory: userAccountControl' },
  'inactive.value': { label: 'Its value', hint: 'Only where it is to have a certain value' },
  'inactive.bit': { label: 'Its bit', hint: 'Only where a bit counts; Active Directory: 2' },
};

const SECRET_WORDS: FieldWords = {
  privateKey: { label: 'Private key', hint: 'Private key of the service account, as PEM', isLong: true },
};

const SETTING_WORDS: FieldWords = {
  attributes: {
    label: 'Attributes that are compared',
    hint: `Besides user name, e-mail address and name, one a line: ${ATTRIBUTE_PATHS.join(', ')}`,
  },
  isOnlySource: {
    label: 'Nobody else provisions here',
    hint: 'Whoever is here and not there is told then',
  },
  deactivateAtOnceMax: {
    label: 'Deactivations that one comparison may make by itself',
    hint: 'Where the policy says so; when there are more, all of them wait for a person',
  },
  lookUpMax: {
    label: 'People who are looked up one by one',
    hint: 'Those here whom the list there does not show, so many at most',
  },
  compareCron: { label: 'When', hint: 'Minute, hour, day of month, month, day of week' },
  timeZone: { label: 'Time zone of that schedule', hint: 'Such as Europe/Paris' },
};

export const SETTING_FIELDS: readonly FormField[] = describeFields(idpSettingsSchema, SETTING_WORDS);

export function configFields({ configSchema }: IdpDefinition): readonly FormField[] {
  return describeFields(configSchema, CONFIG_WORDS);
}

export function secretFields({ secretSchema }: IdpDefinition): readonly FormField[] {
  return describeFields(secretSchema, SECRET_WORDS);
}

/** What the credential needs, for whoever makes it. */
export const NEEDS: Readonly<Record<IdpKind, string>> = {
  okta: 'An API token of a read-only administrator.',
  entra: 'An app registration with the application permissions User.Read.All and GroupMember.Read.All.',
  google: 'A service account with domain-wide delegation for the read-only scopes of the Directory API.',
  ldap: 'An entry that may read people and groups, over ldaps:// or StartTLS.',
  scim: 'A bearer token that may read Users and Groups.',
};
