import type { Handover, Successor } from '../../domain/handover.js';
import { h, type Markup } from '../markup/markup.js';
import { Card } from '../parts/blocks.js';

/** What nobody answers since somebody left, and who could. */
export function HandoverCard({ handover }: { readonly handover: Handover }): Markup {
  const { lines, emptyTeams, successors, isPartial } = handover;
  return (
    <Card title="Hand-over">
      <div class="card-body stack">
        {lines.length === 0 && emptyTeams.length === 0 ? (
          <p>Every line of this person is answered by somebody else, and no team is left empty.</p>
        ) : null}
        {lines.length === 0 ? null : (
          <ul>
            {lines.map(({ number, why }) => (
              <li>
                <strong>{number}</strong> {LINE_WORDS[why]}
              </li>
            ))}
          </ul>
        )}
        {emptyTeams.length === 0 ? null : <p>Teams without a member now: {emptyTeams.join(', ')}.</p>}
        {successors.length === 0 ? null : (
          <p>Could take over: {successors.map(successorWords).join(', ')}.</p>
        )}
        {isPartial ? (
          <p class="quiet small">
            Who is on which number was not read: only lines that ring teams are known.
          </p>
        ) : null}
      </div>
    </Card>
  );
}

const LINE_WORDS = {
  'only-person': 'rang this person alone.',
  'team-empty': 'rings a team that is empty now.',
  'default-number': 'is their own number, and nobody else is on it.',
} as const;

function successorWords(successor: Successor): string {
  if (successor.type === 'team') return `team “${successor.team}”`;
  return `${successor.email} (${successor.because === 'manager' ? 'their manager' : 'same team'})`;
}
