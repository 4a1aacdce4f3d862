import { describe, expect, test } from 'vitest';
import { readVxtExport } from '../../../../src/providers/vxt/export.js';
import { vxtConfigSchema } from '../../../../src/providers/vxt/settings.js';

const config = vxtConfigSchema.parse({});
const HEAD = 'Email,Name,Role,Permissions,Status,Assigned numbers,Caller ID access,Call flows';
const list = (...lines: readonly string[]): string => [HEAD, ...lines].join('\n');

describe('the member list of VXT', () => {
  test('says who is there, what they are and what they reach, in three kinds', () => {
    const text = `\uFEFF${list('Ada@acme.example,"Lovelace, Ada",Member,,Invited,+64 9 123 4567,,+64 9 123 4567; +6497654321')}`;

    expect(readVxtExport(config, text)).toEqual({
      problems: [],
      missing: [],
      people: [
        {
          line: 2,
          email: 'Ada@acme.example',
          givenName: 'Lovelace,',
          familyName: 'Ada',
          role: 'agent',
          status: 'pending',
          numbers: [
            { number: '+6491234567', kind: 'assigned' },
            { number: '+6491234567', kind: 'call_flow' },
            { number: '+6497654321', kind: 'call_flow' },
          ],
        },
      ],
    });
  });

  test('says nothing where it has no column: a missing kind of access is not one that nobody has', () => {
    const { people, missing, problems } = readVxtExport(
      config,
      'Email,Assigned numbers\nada@acme.example,\n',
    );

    expect(problems).toEqual([]);
    expect(people).toMatchObject([{ role: undefined, numbers: undefined, status: 'unknown' }]);
    expect(missing.join()).toMatch(/names.*roles.*numbers/);
  });

  test('makes no role of permissions that it does not know', () => {
    const row = 'ada@acme.example,Ada,Member,Manage User,Active,,,';
    const withSupervisors = vxtConfigSchema.parse({ supervisorPermissions: ['manage user'] });

    expect(readVxtExport(config, list(row)).people[0]?.role).toBeNull();
    expect(readVxtExport(withSupervisors, list(row)).people[0]?.role).toBe('supervisor');
  });

  test.each([
    ['', 1, null],
    ['Name,Role\nAda,Member', 1, null],
    [list(), 1, null],
    [list('ada,Ada,Member,,Active,,,'), 2, 'Email'],
    [list('ada@acme.example,Ada,Wizard,,Active,,,'), 2, 'Role'],
    [list('ada@acme.example,Ada,Member,,Active,0912345,,'), 2, 'Assigned numbers'],
    [list('ada@acme.example,Ada,Member,,Active,,,', 'ADA@acme.example,Ada,Member,,Active,,,'), 3, 'Email'],
    [list('ada@acme.example,Ada'), 2, null],
    [list('"ada@acme.example,Ada,Member,,Active,,,'), 2, null],
    [list('ada@acme.example,A\uFFFDa,Member,,Active,,,'), 2, null],
    [`Email,Email address\na@b.example,a@b.example`, 1, 'Email'],
  ] as const)('is refused as a whole, with the place: %j', (text, line, column) => {
    const { problems } = readVxtExport(config, text);

    expect(problems[0]).toMatchObject({ line, column });
    expect(problems[0]?.message).not.toBe('');
  });

  test('counts lines as an editor does, line breaks in cells included', () => {
    const text = list('ada@acme.example,"Ada\nLovelace",Member,,Active,,,', 'bob,Bob,Member,,Active,,,');

    expect(readVxtExport(config, text).problems).toMatchObject([{ line: 4, column: 'Email' }]);
  });

  test('is bounded', () => {
    expect(readVxtExport(config, 'x'.repeat(2_000_001)).problems[0]?.message).toContain('2 MB');
  });
});
