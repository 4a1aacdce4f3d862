import { describe, expect, it } from 'vitest';
import { CONSOLE_ROLES, decideRole, effectiveRole, roleCovers } from '../../../src/sso/console-role.js';
import { connectionSettingsSchema, type ConnectionSettings } from '../../../src/sso/connection.js';
import { mapRole, readPerson } from '../../../src/sso/person.js';
import type { AssertionFacts } from '../../../src/sso/saml/facts.js';

function assertion(attributes: Readonly<Record<string, readonly string[]>>, nameId = 'id-1'): AssertionFacts {
  return {
    id: '_1',
    issuer: null,
    issueInstant: null,
    audiences: [],
    notBefore: null,
    notOnOrAfter: null,
    confirmations: [],
    nameId: { value: nameId, format: null, nameQualifier: null, spNameQualifier: null },
    hasEncryptedId: false,
    sessionIndex: null,
    sessionNotOnOrAfter: null,
    attributes: Object.entries(attributes).map(([name, values]) => ({ name, values })),
    isSigned: false,
  };
}

function settings(roleRules: ConnectionSettings['roleRules']): ConnectionSettings {
  return connectionSettingsSchema.parse({ roleRules });
}

const ENTRA_GROUPS = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/groups';

describe('the role of a sign-in', () => {
  it('is what the rules give', () => {
    expect(decideRole({ current: null, mapped: 'viewer', otherOwners: 0 })).toEqual({
      kind: 'granted',
      role: 'viewer',
    });
    expect(decideRole({ current: 'owner', mapped: 'viewer', otherOwners: 1 })).toEqual({
      kind: 'granted',
      role: 'viewer',
    });
    expect(decideRole({ current: 'admin', mapped: null, otherOwners: 0 })).toEqual({ kind: 'denied' });
    expect(decideRole({ current: 'owner', mapped: null, otherOwners: 1 })).toEqual({ kind: 'denied' });
  });

  it('never takes the last owner away', () => {
    for (const mapped of [null, 'viewer', 'operator', 'admin'] as const) {
      expect(decideRole({ current: 'owner', mapped, otherOwners: 0 })).toEqual({
        kind: 'keptAsLastOwner',
        role: 'owner',
      });
    }
  });

  it('includes all lesser ones', () => {
    for (const [index, held] of CONSOLE_ROLES.entries()) {
      expect(CONSOLE_ROLES.filter((needed) => roleCovers(held, needed))).toEqual(
        CONSOLE_ROLES.slice(0, index + 1),
      );
    }
  });
});

describe('role rules', () => {
  it('are tried in order', () => {
    const rules = settings([
      { attribute: 'groups', value: 'b', role: 'viewer' },
      { attribute: 'groups', value: 'a', role: 'owner' },
    ]);

    expect(mapRole(assertion({ groups: ['a', 'b'] }), rules)).toBe('viewer');
  });

  it('compare exactly: neither parts, nor case, nor patterns match', () => {
    const rules = settings([{ attribute: 'groups', value: 'Admins', role: 'owner' }]);

    for (const value of ['admins', 'Admins ', ' Admins', 'Admins,Others', 'Admin', '*', 'Admins\u200b']) {
      expect(mapRole(assertion({ groups: [value] }), rules)).toBeNull();
    }
  });

  it('find groups by what the IdP calls them', () => {
    const rules = settings([{ attribute: 'groups', value: '8a7b', role: 'admin' }]);

    expect(mapRole(assertion({ [ENTRA_GROUPS]: ['1', '8a7b'] }), rules)).toBe('admin');
    expect(mapRole(assertion({ memberOf: ['8a7b'] }), rules)).toBe('admin');
  });

  it('find any attribute by its own name, and grant nothing without rules', () => {
    const rules = settings([{ attribute: 'department', value: 'IT', role: 'operator' }]);

    expect(mapRole(assertion({ department: ['IT'] }), rules)).toBe('operator');
    expect(mapRole(assertion({ groups: ['Owners'] }), settings([]))).toBeNull();
  });
});

describe('a person', () => {
  const names = settings([]).attributes;

  it('has an e-mail address only where something looks like one', () => {
    expect(readPerson(assertion({ email: ['jane@acme.test'] }), names).email).toBe('jane@acme.test');
    expect(readPerson(assertion({}, 'jane@acme.test'), names).email).toBe('jane@acme.test');
    expect(readPerson(assertion({ email: ['"><script>@x'] }), names).email).toBeNull();
    expect(readPerson(assertion({ email: [`${'a'.repeat(400)}@x`] }), names).email).toBeNull();
  });

  it('is called by display name, else by both names, else by address, else by NameID', () => {
    const all = { displayName: ['J. D.'], firstName: ['Jane'], lastName: ['Doe'], email: ['j@acme.test'] };
    const { displayName: _one, ...names2 } = all;

    expect(readPerson(assertion(all), names).displayName).toBe('J. D.');
    expect(readPerson(assertion(names2), names).displayName).toBe('Jane Doe');
    expect(readPerson(assertion({ email: ['j@acme.test'] }), names).displayName).toBe('j@acme.test');
    expect(readPerson(assertion({}), names).displayName).toBe('id-1');
  });

  it('in no group differs from one whose groups are not told', () => {
    expect(readPerson(assertion({ groups: [] }), names).groups).toEqual({ kind: 'given', names: [] });
    expect(readPerson(assertion({}), names).groups).toEqual({ kind: 'absent' });
  });
});

describe('a role that was chosen by hand', () => {
  it('replaces what the identity provider gives, up and down', () => {
    expect(effectiveRole('viewer', 'admin')).toBe('admin');
    expect(effectiveRole('owner', 'viewer')).toBe('viewer');
    expect(effectiveRole('operator', null)).toBe('operator');
  });

  it('never lets anybody in whom the identity provider refuses, and keeps out whom it admits', () => {
    expect(effectiveRole(null, 'owner')).toBeNull();
    expect(effectiveRole('owner', 'none')).toBeNull();
  });
});
