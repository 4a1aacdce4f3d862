import { describe, expect, it } from 'vitest';
import { matchesElement } from '../../src/directory/filter/evaluate.js';
import { parsePath, parseSortBy } from '../../src/directory/filter/parse-path.js';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

function summary(text: string, resourceType: 'User' | 'Group' = 'User'): string {
  const { schema, attribute, valueFilter, subAttribute } = parsePath(text, { resourceType });
  const parts = [attribute?.name, valueFilter === null ? undefined : '[]', subAttribute?.name];
  return `${schema.name}|${parts.filter((part) => part !== undefined).join('.')}`;
}

describe('the path parser', () => {
  it.each([
    ['userName', 'User|userName'],
    ['DISPLAYNAME', 'User|displayName'],
    ['name.familyName', 'User|name.familyName'],
    [`${CORE}:name.familyName`, 'User|name.familyName'],
    [`${CORE}:active`, 'User|active'],
    [`${ENTERPRISE}:manager`, 'EnterpriseUser|manager'],
    [`${ENTERPRISE.toLowerCase()}:MANAGER.VALUE`, 'EnterpriseUser|manager.value'],
    [ENTERPRISE, 'EnterpriseUser|'],
    ['manager', 'EnterpriseUser|manager'],
    ['emails[type eq "work"]', 'User|emails.[]'],
    ['emails[type eq "work"].value', 'User|emails.[].value'],
    [`${CORE}:emails[type eq "work"].value`, 'User|emails.[].value'],
    ['roles[primary eq "True"].value', 'User|roles.[].value'],
    ['externalId', 'User|externalId'],
  ])('reads %s', (text, expected) => {
    expect(summary(text)).toBe(expected);
  });

  it.each(['members', 'members[value eq"2819c223"]', 'members[value eq "2819c223"]'])('reads %s', (text) => {
    expect(summary(text, 'Group')).toMatch(/^Group\|members/);
  });

  it.each([
    '',
    'nothing',
    'name.nothing',
    'emails[type eq "work"',
    'emails[type eq "work"].',
    'emails[type eq "work"].nothing',
    'emails[type eq "work"].value.more',
    'emails[nothing eq "work"]',
    'emails[]',
    'name[givenName eq "a"]',
    'userName extra',
    'urn:unknown:User:title',
    `emails[${'('.repeat(100)}type pr${')'.repeat(100)}]`,
    'a'.repeat(5_000),
  ])('refuses %j with invalidPath', (text) => {
    expect(() => parsePath(text, { resourceType: 'User' })).toThrow(
      expect.objectContaining({ kind: 'invalid', scimType: 'invalidPath' }),
    );
  });

  it('sorts a complex attribute by its value, and refuses one whose part must be named', () => {
    expect(parseSortBy('emails', { resourceType: 'User' }).subAttribute?.name).toBe('value');
    expect(parseSortBy('NAME.familyName', { resourceType: 'User' }).subAttribute?.name).toBe('familyName');
    for (const text of ['name', 'nothing', 'password', '']) {
      expect(() => parseSortBy(text, { resourceType: 'User' })).toThrow(
        expect.objectContaining({ scimType: 'invalidPath' }),
      );
    }
  });
});

describe('a value filter', () => {
  const matching = (path: string, elements: readonly unknown[]): readonly unknown[] => {
    const { valueFilter } = parsePath(path, { resourceType: 'User' });
    return elements.filter((element) => valueFilter !== null && matchesElement(valueFilter, element));
  };
  const work = { type: 'Work', value: 'a@x.test', primary: true };
  const home = { type: 'home', value: 'b@x.test' };

  it('selects elements without regard to case where the schema says so', () => {
    expect(matching('emails[type eq "work"]', [work, home])).toEqual([work]);
    expect(matching('emails[type eq "work" and value ew "@X.TEST"]', [work, home])).toEqual([work]);
    expect(matching('emails[not (primary eq true)]', [work, home])).toEqual([home]);
    expect(matching('emails[primary eq "True" or value eq "B@x.test"]', [work, home])).toEqual([work, home]);
  });

  it('selects plain values by the name value', () => {
    expect(matching('teams[value eq "Sales"]', ['sales', 'Support'])).toEqual(['sales']);
  });
});
