import { z } from 'zod';

const attribute = z.string().regex(/^[A-Za-z][A-Za-z0-9;-]*$/u, 'must be the name of an attribute');

export const LdapConfig = z.strictObject({
  name: z.string().min(1).default('LDAP').describe('How you call the directory'),
  url: z
    .string()
    .regex(
      /^ldaps?:\/\/[^/]+\/?$/u,
      'must be ldaps://host or ldap://host, with a port if it is not the usual one',
    )
    .describe('Address of the server'),
  startTls: z.boolean().default(true).describe('Encrypt a connection that begins as ldap://'),
  ca: z.string().nullable().default(null).describe('Certificate of your own authority, as PEM'),
  bindDn: z.string().min(1).describe('Who reads, such as cn=reader,dc=example,dc=com'),
  peopleBase: z.string().min(1).describe('Where people are, such as ou=people,dc=example,dc=com'),
  peopleFilter: z.string().default('(objectClass=inetOrgPerson)'),
  groupsBase: z
    .string()
    .nullable()
    .default(null)
    .describe('Where groups are; empty: memberships are not compared'),
  groupsFilter: z.string().default('(|(objectClass=groupOfNames)(objectClass=group))'),
  /** Stable for the life of an entry; a DN is not. */
  idAttribute: attribute.default('entryUUID').describe('entryUUID; objectGUID in Active Directory'),
  attributes: z
    .strictObject({
      userName: attribute.default('uid'),
      email: attribute.default('mail'),
      givenName: attribute.default('givenName'),
      familyName: attribute.default('sn'),
      title: attribute.default('title'),
      department: attribute.default('departmentNumber'),
      employeeNumber: attribute.default('employeeNumber'),
      groupName: attribute.default('cn'),
      member: attribute.default('member'),
    })
    .prefault({}),
  inactive: z
    .discriminatedUnion('when', [
      z.strictObject({ when: z.literal('present'), attribute }),
      z.strictObject({ when: z.literal('equals'), attribute, value: z.string() }),
      z.strictObject({ when: z.literal('bit'), attribute, bit: z.int().min(1) }),
    ])
    .nullable()
    .default(null)
    .describe('How deactivated people are told; Active Directory: bit 2 of userAccountControl'),
  pageSize: z.int().min(1).max(5000).default(500),
});
export type LdapConfig = z.infer<typeof LdapConfig>;

export const LdapSecrets = z.strictObject({ password: z.string().min(1).describe('Password of the reader') });
export type LdapSecrets = z.infer<typeof LdapSecrets>;
