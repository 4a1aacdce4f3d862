import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MASK, redactJson, redactQuery } from '../../../src/administration/redaction.js';

const SECRET = 'S3cr3t-value';

describe('redaction of bodies', () => {
  it.each([
    ['a password', { password: SECRET }],
    ['in another case', { Password: SECRET }],
    ['of an extension', { 'urn:acme:1.0:User': { apiKey: SECRET, clientSecret: [SECRET] } }],
    ['of a PATCH path', { Operations: [{ op: 'replace', path: 'password', value: SECRET }] }],
    [
      'of a PATCH path with its schema',
      {
        Operations: [
          { op: 'add', path: 'urn:ietf:params:scim:schemas:core:2.0:User:password', Value: SECRET },
        ],
      },
    ],
    ['of a pathless PATCH', { Operations: [{ op: 'replace', value: { password: SECRET, active: true } }] }],
    ['in a bulk request', { Operations: [{ method: 'POST', data: { password: SECRET } }] }],
    ['a token of ours in a text', { title: `use pbk_scim_${SECRET}` }],
    ['an object of secrets', { credentials: { first: SECRET } }],
  ])('masks %s', (_name, body) => {
    const text = JSON.stringify(redactJson(body));
    expect(text).not.toContain(SECRET);
    expect(text).toContain(MASK);
  });

  it('leaves everything else as it was', () => {
    const body = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'ada@x.example',
      active: false,
      emails: [{ value: 'ada@x.example', primary: true }],
      Operations: [{ op: 'replace', path: 'title', value: 'Lead' }],
    };
    expect(redactJson(body)).toEqual(body);
  });

  it('cuts long lists and deep nesting, and says so', () => {
    const long = redactJson(Array.from({ length: 250 }, (_, index) => index)) as unknown[];
    expect(long).toHaveLength(101);
    expect(long.at(-1)).toBe('… and 150 more');
    let deep: unknown = SECRET;
    for (let level = 0; level < 5_000; level += 1) deep = { level: deep };
    expect(JSON.stringify(redactJson(deep))).toContain('deeper than is shown');
  });

  it('never shows what stands under a secret name, wherever that is', () => {
    const names = fc.constantFrom('password', 'secret', 'accessToken', 'API_KEY', 'private-key', 'pin');
    const hidden = fc.tuple(names, fc.jsonValue()).map(([name]) => ({ [name]: { deep: [SECRET] } }));
    const body = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        hidden,
        fc.dictionary(fc.constantFrom('a', 'b', 'members'), tie('node'), { maxKeys: 3 }),
        fc.array(tie('node'), { maxLength: 3 }),
      ),
    })).node;
    fc.assert(fc.property(body, (value) => !JSON.stringify(redactJson(value)).includes(SECRET)));
  });
});

describe('redaction of queries', () => {
  it.each([
    [`filter=password eq "${SECRET}"`, `filter=password eq ${MASK}`],
    [
      `filter=active eq true and apiKey sw "${SECRET} \\" x"&count=1`,
      `filter=active eq true and apiKey sw ${MASK}&count=1`,
    ],
    [`access_token=${SECRET}&count=1`, `access_token=${MASK}&count=1`],
    ['filter=userName eq "ada"', 'filter=userName eq "ada"'],
  ])('%s', (query, shown) => {
    expect(redactQuery(query)).toBe(shown);
  });
});
