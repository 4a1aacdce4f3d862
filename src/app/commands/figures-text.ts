import { counted } from '../../lib/counted.js';
import { FINDING_CLASSES } from '../../domain/findings/finding.js';
import { CLASS_WORDS } from '../../report/model/class-words.js';
import type { ComparisonRun } from '../../report/ports.js';
import { renderTable } from '../terminal.js';

/** How many differences one comparison of a phone system found, by class. `at`: the options that name the account. */
export function renderFigures(
  { figures, reason }: Pick<ComparisonRun, 'figures' | 'reason'>,
  at: string,
): string {
  if (figures === null) {
    return `The comparison is incomplete, so no finding was resolved: ${reason ?? 'it is not over yet.'}`;
  }
  const { open, opened, resolved } = figures;
  const classes = FINDING_CLASSES.flatMap((kind) => {
    const count = open[kind] ?? 0;
    return count === 0 ? [] : [{ kind, count }];
  });
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  const since = `${opened} new, ${resolved} resolved`;
  if (total === 0) return `The comparison found no difference (${since}).`;
  const rows = classes.map(({ kind, count }) => [kind, String(count), CLASS_WORDS[kind]]);
  return [
    `The comparison found ${counted(total, 'difference', 'differences')} before anything was changed (${since}):`,
    renderTable(['class', 'open', 'what'], rows),
    `Look at each with its evidence: patchbay findings list ${at}`,
  ].join('\n');
}
