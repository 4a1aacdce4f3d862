import type { ReportFinding } from '../../model/report.js';

/** Of so many that differ in little but the name, each by itself would hide all others. */
const ALIKE_MIN = 4;

/**
 * Findings of which the same is to be said, together, where the first of them stood; all others by themselves. The
 * order stays.
 */
export function groupAlike(findings: readonly ReportFinding[]): readonly (readonly ReportFinding[])[] {
  const groups = new Map<string, ReportFinding[]>();
  for (const finding of findings) {
    const { class: kind, source, severity, meaning, next, expected } = finding;
    const key = JSON.stringify([kind, source, severity, meaning, next, expected]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [finding]);
    else known.push(finding);
  }
  return [...groups.values()].flatMap((group) =>
    group.length < ALIKE_MIN ? group.map((finding) => [finding]) : [group],
  );
}
