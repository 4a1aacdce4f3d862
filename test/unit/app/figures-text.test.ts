import { expect, it } from 'vitest';
import { renderFigures } from '../../../src/app/commands/figures-text.js';

const at = '--tenant acme --account main';

it('a comparison tells how many differences of each class it found, the gravest classes in their order', () => {
  const figures = { open: { 'team-added': 12, 'unmanaged-agent': 1, name: 0 }, opened: 2, resolved: 3 };

  expect(renderFigures({ figures, reason: null }, at)).toBe(
    [
      'The comparison found 13 differences before anything was changed (2 new, 3 resolved):',
      'class            open  what',
      '---------------  ----  ---------------------------------------------',
      'unmanaged-agent  1     agents that belong to nobody in the directory',
      'team-added       12    team memberships that somebody added',
      'Look at each with its evidence: patchbay findings list --tenant acme --account main',
    ].join('\n'),
  );
});

it('one without differences says so, and one that was not ended says what became of it', () => {
  const figures = { open: {}, opened: 0, resolved: 4 };

  expect(renderFigures({ figures, reason: null }, at)).toBe(
    'The comparison found no difference (0 new, 4 resolved).',
  );
  expect(renderFigures({ figures: null, reason: 'Aircall did not answer.' }, at)).toBe(
    'The comparison is incomplete, so no finding was resolved: Aircall did not answer.',
  );
});
