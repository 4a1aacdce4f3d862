import type { PersonImpact } from '../../administration/impact.js';
import type { PacedImpact } from '../../administration/rule-impact.js';
import { formatCount, formatNumber, formatSpan } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card } from '../parts/blocks.js';
import { entitlementWords } from '../parts/words.js';
import { paths } from '../paths.js';

/** What other rules would mean in one phone system. */
export function ImpactCard({ impact }: { readonly impact: PacedImpact }): Markup {
  const { account, joins, leaves, changes, unclear, people } = impact;
  const isNothing = joins + leaves + changes === 0;
  return (
    <Card
      title={`Impact on ${account}`}
      aside={isNothing ? <Badge tone="good">Nothing changes</Badge> : null}
    >
      {isNothing ? null : (
        <dl class="facts card-body">
          <Fact name="Get an agent" value={joins} />
          <Fact name="Lose their agent" value={leaves} />
          <Fact name="Hold something else" value={changes} />
          <Fact name="Seats" value={joins - leaves} isSigned />
          <div>
            <dt>At the vendor’s pace</dt>
            <dd>
              {formatSpan(Math.max(1, impact.minutes) * 60_000)}
              <span class="quiet small"> about {formatCount(impact.calls, 'call', 'calls')}</span>
            </dd>
          </div>
        </dl>
      )}
      {leaves === 0 ? null : (
        <p class="card-body">A plan that takes access away after a change of the rules waits for approval.</p>
      )}
      {unclear === 0 ? null : (
        <p class="card-body">
          For {formatCount(unclear, 'person', 'people')} it cannot be told, because a group is missing or
          there twice: nothing happens to them.
        </p>
      )}
      {people.length === 0 ? null : <People impact={impact} />}
    </Card>
  );
}

function Fact({
  name,
  value,
  isSigned = false,
}: {
  readonly name: string;
  readonly value: number;
  readonly isSigned?: boolean;
}): Markup {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{isSigned && value > 0 ? `+${formatNumber(value)}` : formatNumber(value)}</dd>
    </div>
  );
}

function People({ impact }: { readonly impact: PacedImpact }): Markup {
  const rest = impact.joins + impact.leaves + impact.changes - impact.people.length;
  return (
    <ul class="rows">
      {impact.people.map((person) => (
        <PersonLine person={person} />
      ))}
      {rest > 0 ? <li class="quiet">and {formatCount(rest, 'more person', 'more people')}</li> : null}
    </ul>
  );
}

const KIND_WORDS = {
  joins: { label: 'Gets an agent', tone: 'good' },
  leaves: { label: 'Loses the agent', tone: 'bad' },
  changes: { label: 'Changes', tone: 'info' },
} as const;

function PersonLine({ person }: { readonly person: PersonImpact }): Markup {
  const { label, tone } = KIND_WORDS[person.kind];
  const parts = [
    ...person.gains.map((one) => `+ ${entitlementWords(one)}`),
    ...person.losses.map((one) => `− ${entitlementWords(one)}`),
  ];
  return (
    <li>
      <div class="grow">
        <a class="cover" href={paths.person(person.personId)}>
          {person.name}
        </a>
        <p class="quiet small">{parts.join(', ')}</p>
      </div>
      <Badge tone={tone}>{label}</Badge>
    </li>
  );
}
