import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.js';
import type { FilterNode } from '../../src/directory/filter/ast.js';
import { DEFAULT_FILTER_LIMITS } from '../../src/directory/filter/limits.js';
import { parseFilter } from '../../src/directory/filter/parse-filter.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** The tree as a short text: what was understood, without the catalogue's details. */
function shape(node: FilterNode): string {
  switch (node.type) {
    case 'and':
    case 'or':
      return `(${node.children.map(shape).join(` ${node.type} `)})`;
    case 'not':
      return `!${shape(node.child)}`;
    case 'present':
      return `${pathText(node)}?`;
    case 'compare':
      return `${pathText(node)} ${node.operator} ${node.value instanceof Date ? node.value.toISOString() : JSON.stringify(node.value)}`;
    case 'valuePath':
      return `${pathText(node)}[${shape(node.filter)}]`;
  }
}

function pathText({ path }: FilterNode & { path: { attribute: { name: string } } }): string {
  const sub = (path as { subAttribute?: { name: string } | null }).subAttribute;
  return sub ? `${path.attribute.name}.${sub.name}` : path.attribute.name;
}

const parsed = (text: string, resourceType: 'User' | 'Group' = 'User'): string =>
  shape(parseFilter(text, { resourceType }));

function refusal(text: string): AppError {
  try {
    parseFilter(text, { resourceType: 'User' });
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe('the filter parser', () => {
  it.each([
    ['userName eq "a"', 'userName eq "a"'],
    ['USERNAME EQ "a"', 'userName eq "a"'],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"', 'userName sw "J"'],
    [
      'URN:IETF:PARAMS:SCIM:SCHEMAS:CORE:2.0:USER:NAME.FAMILYNAME co "O\'Malley"',
      'name.familyName co "O\'Malley"',
    ],
    [`${ENTERPRISE}:department eq "IT"`, 'department eq "IT"'],
    [`${ENTERPRISE}:manager.displayName eq "X"`, 'manager.displayName eq "X"'],
    ['title pr', 'title?'],
    ['title pr and userType eq "Employee"', '(title? and userType eq "Employee")'],
    ['a', null],
    [
      'emails[type eq "work" and value co "@example.com"]',
      'emails[(emails.type eq "work" and emails.value co "@example.com")]',
    ],
    ['emails [type eq "work"]', 'emails[emails.type eq "work"]'],
    ['emails co "example.com"', 'emails.value co "example.com"'],
    ['emails.type eq "work"', 'emails.type eq "work"'],
    ['not(title pr)', '!title?'],
    ['NOT (title pr or userName eq "a")', '!(title? or userName eq "a")'],
    [
      'userType ne "E" and not (emails co "a" or emails.value co "b")',
      '(userType ne "E" and !(emails.value co "a" or emails.value co "b"))',
    ],
    [
      '((title pr or active eq true) and (nickName pr or locale pr))',
      '((title? or active eq true) and (nickName? or locale?))',
    ],
  ])('reads RFC 7644 syntax: %s', (text, expected) => {
    if (expected === null) expect(refusal(text).scimType).toBe('invalidFilter');
    else expect(parsed(text)).toBe(expected);
  });

  it('binds not before and, and before or', () => {
    expect(parsed('title pr or locale pr and not (active eq true) or nickName pr')).toBe(
      '(title? or (locale? and !active eq true) or nickName?)',
    );
  });

  it.each([
    ['userName eq jane@example.test', 'userName eq "jane@example.test"'],
    ['externalId eq jyoung', 'externalId eq "jyoung"'],
    ['externalId eq 00012', 'externalId eq "00012"'],
    ['userName eq true', 'userName eq "true"'],
    ['active eq "True"', 'active eq true'],
    ['active eq FALSE', 'active eq false'],
    ['roles[primary eq "True"]', 'roles[roles.primary eq true]'],
    ['(userName eq jane)', 'userName eq "jane"'],
    ['emails[type eq work].value eq "x@y"', 'emails[(emails.type eq "work" and emails.value eq "x@y")]'],
    ['id eq "X" and manager eq "Y"', '(id eq "X" and manager.value eq "Y")'],
    ['members[value eq"x"]', 'members[members.value eq "x"]'],
  ])('understands what IdPs really send: %s', (text, expected) => {
    expect(parsed(text, text.startsWith('members') ? 'Group' : 'User')).toBe(expected);
  });

  it.each([
    [String.raw`userName eq "a\"b\\c\/d"`, 'a"b\\c/d'],
    [String.raw`userName eq "\u00e9\ud83d\ude00"`, 'é😀'],
    ['userName eq "( ] and \' not"', "( ] and ' not"],
  ])('unescapes %s', (text, value) => {
    expect(parseFilter(text, { resourceType: 'User' })).toMatchObject({ value });
  });

  it.each([
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', '2011-05-13T04:42:34.000Z'],
    ['meta.lastModified gt 2011-05-13T04:42:34Z', '2011-05-13T04:42:34.000Z'],
    ['meta.created le "2026-01-01T02:00:00.5+02:00"', '2026-01-01T00:00:00.500Z'],
    ['meta.created le "2026-01-01T02:00:00"', '2026-01-01T02:00:00.000Z'],
    ['meta.created eq "2026-01-01"', '2026-01-01T00:00:00.000Z'],
  ])('compares moments: %s', (text, expected) => {
    expect(parseFilter(text, { resourceType: 'User' })).toMatchObject({ value: new Date(expected) });
  });

  it('compares numbers as numbers, quoted or not', () => {
    expect(parsed('wrapUpTimeSeconds ge 30')).toBe('wrapUpTimeSeconds ge 30');
    expect(parsed('wrapUpTimeSeconds lt "1.5e1"')).toBe('wrapUpTimeSeconds lt 15');
  });

  it('takes a comparison with null for absence', () => {
    expect(parsed('title eq null')).toBe('!title?');
    expect(parsed('title ne null')).toBe('title?');
    expect(parsed('title eq "null"')).toBe('title eq "null"');
  });

  it.each([
    '',
    ' ',
    'userName',
    'userName eq',
    'userName eq ',
    'eq "a"',
    'userName like "a"',
    'userName eq "a',
    'userName eq "a" and',
    'userName eq "a" xor title pr',
    'userName eq "a" title pr',
    'userName eq "a"and title pr',
    'userName eq john doe',
    '(userName eq "a"',
    'userName eq "a")',
    'not userName eq "a"',
    'not (userName eq "a"',
    'emails[type eq "work"',
    'emails[]',
    'emails[emails[type pr]]',
    'emails[nothing eq "x"]',
    'emails[type eq "work"].nothing eq "x"',
    'name[givenName eq "a"]',
    'userName[value eq "a"]',
    'userName.value eq "a"',
    'nothing eq "a"',
    'urn:example:unknown:User:title eq "a"',
    'name eq "Jane"',
    'addresses co "Paris"',
    'password eq "secret"',
    'password pr',
    'active gt true',
    'active co "tr"',
    'active eq "maybe"',
    'x509Certificates.value gt "a"',
    'meta.created eq "yesterday"',
    'meta.created eq "2026-13-45T00:00:00Z"',
    'meta.created sw "2026"',
    'wrapUpTimeSeconds eq "many"',
    'wrapUpTimeSeconds eq 1e999',
    'title gt null',
    String.raw`userName eq "\x"`,
    String.raw`userName eq "\u0000"`,
    String.raw`userName eq "\ud800"`,
    'userName eq "line\nbreak"',
    '[type eq "work"]',
    'userName eq "a" or (',
    '\u0000',
    '🙂 eq "a"',
  ])('refuses %j with invalidFilter', (text) => {
    expect(refusal(text)).toMatchObject({ kind: 'invalid', scimType: 'invalidFilter' });
  });

  it('names the unknown attribute, so that an admin finds the mistyped mapping', () => {
    expect(refusal('userNmae eq "a"').message).toContain('"userNmae"');
  });

  it.each([
    ['length', `userName eq "${'a'.repeat(DEFAULT_FILTER_LIMITS.maxLength)}"`],
    ['depth of parentheses', `${'('.repeat(200)}title pr${')'.repeat(200)}`],
    ['depth of negation', `${'not('.repeat(200)}title pr${')'.repeat(200)}`],
    ['unclosed parentheses', '('.repeat(4_000)],
    ['number of conditions', Array.from({ length: 200 }, () => 'title pr').join(' and ')],
    ['conditions in brackets', `emails[${Array.from({ length: 200 }, () => 'type pr').join(' or ')}]`],
  ])('refuses a filter beyond the limit on %s', (_limit, text) => {
    expect(refusal(text)).toMatchObject({ kind: 'invalid', scimType: 'invalidFilter' });
  });

  it('accepts filters up to the limits', () => {
    const { maxDepth, maxNodes } = DEFAULT_FILTER_LIMITS;
    expect(parsed(`${'('.repeat(maxDepth)}title pr${')'.repeat(maxDepth)}`)).toBe('title?');
    const conditions = Array.from({ length: maxNodes - 1 }, () => 'title pr');
    expect(() => parsed(conditions.join(' or '))).not.toThrow();
  });
});
