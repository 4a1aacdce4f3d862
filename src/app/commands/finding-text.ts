import { utcMinute } from '../../lib/utc.js';
import type { StoredFinding } from '../../report/ports.js';

/** One finding for a person at a terminal. */
export function renderFinding(stored: StoredFinding): string {
  const { finding } = stored;
  const { expected, found, facts } = finding.evidence;
  const lines = [
    `${finding.words.title}  (${finding.severity}, ${finding.class})`,
    '',
    finding.words.meaning,
    finding.words.advice,
    '',
    ...pair('Expected', expected),
    ...pair('Found', found),
    ...facts.flatMap(({ name, value }) => pair(name, value)),
    ...pair('First seen', utcMinute(stored.firstSeenAt)),
    ...pair('Last seen', utcMinute(stored.lastSeenAt)),
    ...(stored.occurrences > 1 ? pair('Came up', `${stored.occurrences} times`) : []),
    ...(stored.resolvedAt === null ? [] : pair('Resolved', utcMinute(stored.resolvedAt))),
    ...describeDecisions(stored),
  ];
  return lines.join('\n');
}

function describeDecisions({ decision, ignored, assignee, dueAt }: StoredFinding): readonly string[] {
  const until =
    ignored?.until === null || ignored === null ? 'for good' : `until ${utcMinute(ignored.until)}`;
  return [
    ...(decision === null
      ? []
      : pair('Decided', `${decision.type}, by ${decision.by}, ${utcMinute(decision.at)}`)),
    ...(ignored === null ? [] : pair('Ignored', `${until}, by ${ignored.by}: ${ignored.reason}`)),
    ...(assignee === null ? [] : pair('Assigned to', assignee)),
    ...(dueAt === null ? [] : pair('Due', utcMinute(dueAt))),
  ];
}

function pair(name: string, value: string): readonly string[] {
  return value === '' ? [] : [`  ${name.padEnd(12)} ${value}`];
}
