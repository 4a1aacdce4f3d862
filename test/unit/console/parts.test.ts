import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../../../src/administration/page.js';
import { SETTING_WORDS } from '../../../src/console/accounts/setting-words.js';
import { csvRow } from '../../../src/console/audit/csv.js';
import { readFlash, withFlash } from '../../../src/console/kit/flash.js';
import { formatDistance } from '../../../src/console/kit/format.js';
import { consolePath } from '../../../src/console/paths.js';
import { diffLines } from '../../../src/console/rules/diff.js';
import { LdapConfig } from '../../../src/idp/ldap/settings.js';
import { FieldSet } from '../../../src/console/schema-form/field-set.js';
import { describeFields, readFields } from '../../../src/console/schema-form/fields.js';
import { aircallConfigSchema } from '../../../src/providers/aircall/settings.js';
import { accountSettingsSchema } from '../../../src/tenancy/account.js';

describe('differences of texts', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });

  it('give back both texts, whatever they are', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = diffLines(before.join('\n'), after.join('\n'));
        const side = (kind: string) =>
          diff.filter((one) => one.kind === 'same' || one.kind === kind).map(({ line }) => line);
        expect(side('removed').join('\n')).toBe(before.join('\n'));
        expect(side('added').join('\n')).toBe(after.join('\n'));
      }),
    );
  });

  it('say no more than differs', () => {
    expect(diffLines('a\nb\nc', 'a\nx\nc').map(({ kind }) => kind)).toEqual([
      'same',
      'removed',
      'added',
      'same',
    ]);
    expect(diffLines('same', 'same')).toEqual([{ kind: 'same', line: 'same' }]);
  });

  it('of very long texts are said in linear time', () => {
    const long = (word: string) =>
      Array.from({ length: 5_000 }, (_, index) => `${word}${String(index)}`).join('\n');
    expect(diffLines(long('a'), long('b'))).toHaveLength(10_000);
  });
});

const LDAP = { url: 'ldaps://ldap.acme.example', bindDn: 'cn=reader', peopleBase: 'ou=people' };

describe('forms from schemas', () => {
  /** What a browser would send for these values. */
  const sent = (schema: z.ZodType, values: unknown, prefix: string) =>
    Object.fromEntries(
      describeFields(schema).flatMap(({ path, kind }) => {
        const value = path.reduce<unknown>(
          (inner, key) => (inner as Record<string, unknown> | null)?.[key],
          values,
        );
        if (kind === 'flag') return value === true ? [[[prefix, ...path].join('.'), 'yes']] : [];
        const text = Array.isArray(value)
          ? value.join('\n')
          : value === null || value === undefined
            ? ''
            : String(value);
        return [[[prefix, ...path].join('.'), text]];
      }),
    );

  it.each([
    { name: 'account settings', schema: accountSettingsSchema, values: {} },
    {
      name: 'account settings with a price',
      schema: accountSettingsSchema,
      values: {
        seatPrice: { amountPerMonth: 30.5, currency: 'EUR' },
        teamPrefix: 'pb-',
        protectedEmails: ['a@x', 'b@x'],
        adoptExisting: false,
      },
    },
    { name: 'LDAP settings', schema: LdapConfig, values: LDAP },
    ...[
      { when: 'present', attribute: 'pwdAccountLockedTime' },
      { when: 'equals', attribute: 'employeeType', value: 'gone' },
      { when: 'bit', attribute: 'userAccountControl', bit: 2 },
    ].map((inactive) => ({
      name: `LDAP settings whose leavers are told by ${inactive.when}`,
      schema: LdapConfig,
      values: { ...LDAP, inactive },
    })),
    {
      name: 'Aircall settings',
      schema: aircallConfigSchema,
      values: { inviterUserId: 5, canWriteEmail: true },
    },
  ])('$name come back as they were', ({ schema, values }) => {
    const stored = schema.parse(values);
    const fields = describeFields(schema);
    expect(schema.parse(readFields(fields, sent(schema, stored, 'x'), 'x'))).toEqual(stored);
  });

  it('offer nothing as a choice where nothing may be chosen, and fields of several lines where they are', () => {
    const fields = describeFields(LdapConfig, { ca: { label: 'Certificate', isLong: true } });
    const html = String(FieldSet({ fields, values: { inactive: { when: 'bit' } }, prefix: 'x' }));
    expect(html).toMatch(/<select id="x-inactive-when"[^>]*><option value="">[^]*value="bit" selected/);
    expect(html).toMatch(/<textarea id="x-ca"/);
    expect(html).not.toContain('required name="x.inactive.bit"');
  });

  it('leave what is no number for the schema to refuse', () => {
    const schema = z.strictObject({ days: z.number() });
    expect(readFields(describeFields(schema), { 'x.days': 'soon' }, 'x')).toEqual({ days: 'soon' });
    expect(readFields(describeFields(schema), { 'x.days': '2,5' }, 'x')).toEqual({ days: 2.5 });
  });

  it('name no field after what every object has', () => {
    const schema = z.strictObject({ name: z.string() });
    expect(readFields(describeFields(schema), { 'x.__proto__': 'y', 'x.name': 'z' }, 'x')).toEqual({
      name: 'z',
    });
  });

  it('every setting of an account has words', () => {
    const unnamed = describeFields(accountSettingsSchema)
      .map(({ path }) => path.join('.'))
      .filter((name) => SETTING_WORDS[name] === undefined);
    expect(unnamed).toEqual([]);
    const names = describeFields(accountSettingsSchema).map(({ path }) => path.join('.'));
    expect(Object.keys(SETTING_WORDS).filter((name) => !names.includes(name))).toEqual([]);
  });

  it('so has every choice of a setting', () => {
    const fields = describeFields(accountSettingsSchema, SETTING_WORDS);
    const spoken = fields.map(({ path, choiceWords }) => [path.join('.'), Object.keys(choiceWords).sort()]);
    expect(spoken).toEqual(fields.map(({ path, choices }) => [path.join('.'), [...choices].sort()]));
  });
});

describe('small things', () => {
  it('a cursor comes back, and nothing else is one', () => {
    const any = [() => true, () => true];
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('\0')),
        fc.uuid(),
        (key, id) => {
          expect(decodeCursor(encodeCursor([key, id]), any)).toEqual([key, id]);
        },
      ),
    );
    for (const wrong of [
      '',
      'x',
      'WyJhIl0',
      'WzEsMl0',
      'eyJhIjoxfQ',
      encodeCursor(['a', 'b', 'c']),
      encodeCursor(['\0', 'b']),
    ]) {
      expect(() => decodeCursor(wrong, any), wrong).toThrow('damaged');
    }
  });

  it('only known words come from an address', () => {
    expect(readFlash('plan-approved')).toContain('Approved');
    for (const other of ['<b>', 'constructor', '__proto__', undefined, ['plan-approved'], 3])
      expect(readFlash(other)).toBeNull();
    expect(withFlash('/console/plans?state=held', 'plan-approved')).toBe(
      '/console/plans?state=held&done=plan-approved',
    );
  });

  it('addresses quote what is in them and leave out what is empty', () => {
    expect(consolePath('/people', { search: 'a&b=c', filter: '', group: null })).toBe(
      '/console/people?search=a%26b%3Dc',
    );
  });

  it('distances are told in the unit that fits', () => {
    const now = new Date('2026-03-02T09:00:00Z');
    const at = (ms: number) => formatDistance(new Date(now.getTime() + ms), now);
    expect([at(0), at(-59_000), at(59_000)]).toEqual(['just now', 'just now', 'in a moment']);
    expect([at(-5 * 60_000), at(-3 * 3_600_000), at(30 * 86_400_000)]).toEqual([
      '5 min ago',
      '3 h ago',
      'in 30 days',
    ]);
  });

  it('cells of the export are quoted, and none begins a formula', () => {
    const row = csvRow({
      id: '1', at: new Date(0), actor: '=cmd|x', action: '@a', targetType: '+t', targetId: '-1', targetName: 'a "b",\nc',
      correlationId: null, data: { a: '"' }, chainNo: null,
    }); // prettier-ignore
    expect(row).toBe(
      `"1970-01-01T00:00:00.000Z","'=cmd|x","'@a","'+t","'-1","a ""b"",\nc","","","{""a"":""\\""""}"\r\n`,
    );
  });
});
