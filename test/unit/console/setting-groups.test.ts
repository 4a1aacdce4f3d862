import { expect, it } from 'vitest';
import { SETTING_FIELDS } from '../../../src/console/accounts/forms.js';
import { groupSettings } from '../../../src/console/accounts/setting-groups.js';

it('every setting of an account stands in exactly one group, and what is not about time is never by the schedule', () => {
  const groups = groupSettings(SETTING_FIELDS);
  const grouped = groups.flatMap(({ fields }) => fields.map(({ path }) => path.join('.')));
  expect(grouped.toSorted()).toEqual(SETTING_FIELDS.map(({ path }) => path.join('.')).toSorted());
  for (const { fields } of groups) expect(fields.length).toBeGreaterThan(0);
  expect(groups.at(-1)?.fields.map(({ path }) => path.join('.'))).toEqual([
    'reconcileCron',
    'jitterMinutes',
    'timeZone',
  ]);
});
