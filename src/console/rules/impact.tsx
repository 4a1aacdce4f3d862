import type { Impact } from '../../domain/impact.js';
import { describeUnknown, type ImpactOnAccount, type KnownImpact } from '../../rules/changes.js';
import { Fragment, h, type Child, type Markup } from '../markup/markup.js';
import { formatCount, formatNumber, formatSpan } from '../kit/format.js';
import { Badge } from '../parts/badge.js';
import { Card } from '../parts/blocks.js';
import { ACTION_WORDS } from '../parts/words.js';

/** How many people are named of each kind. */
const NAMES_SHOWN = 20;

/** What the rules would do in one phone system if they were saved now. */
export function ImpactCard({ impact: one }: { readonly impact: ImpactOnAccount }): Markup {
  const title = `Impact on ${one.accountName}`;
  if (one.type === 'known') return <KnownCard title={title} known={one} />;
  return (
    <Card title={title} aside={<Badge tone="warn">Cannot be told now</Badge>}>
      <div class="card-body">
        <p class="notice warn pre">{describeUnknown(one)}</p>
      </div>
    </Card>
  );
}

function KnownCard({
  title,
  known: { impact, plan, verdict },
}: {
  readonly title: string;
  readonly known: KnownImpact;
}): Markup {
  const isNothing = plan.changes.length === 0;
  return (
    <Card title={title} aside={isNothing ? <Badge tone="good">Nothing changes</Badge> : null}>
      {isNothing ? null : (
        <div class="card-body stack">
          <Numbers impact={impact} />
          {verdict.type === 'allowed' ? null : (
            <div class="notice warn stack-s">
              <p class="strong">The plan would wait for approval:</p>
              {verdict.holds.map(({ message }) => (
                <p class="pre">{message}</p>
              ))}
            </div>
          )}
          <People title="Lose something" tone="bad" emails={impact.losing} />
          <People title="Gain something" tone="good" emails={impact.gaining} />
        </div>
      )}
    </Card>
  );
}

function Numbers({ impact }: { readonly impact: Impact }): Markup {
  const { gaining, losing, newSeats, newCostPerMonth, byAction, calls, minutes, byHand } = impact;
  const cost =
    newCostPerMonth === null || newSeats === 0
      ? null
      : `${newCostPerMonth.amountPerMonth.toFixed(2)} ${newCostPerMonth.currency} a month more`;
  return (
    <dl class="facts">
      <Fact name="Gain something">{formatNumber(gaining.length)}</Fact>
      <Fact name="Lose something">{formatNumber(losing.length)}</Fact>
      <Fact name="New seats" note={cost}>
        {formatNumber(newSeats)}
      </Fact>
      <Fact name="At the vendor’s pace" note={formatCount(calls, 'call', 'calls')}>
        {calls === 0 ? 'at once' : formatSpan(Math.max(1, Math.ceil(minutes)) * 60_000)}
      </Fact>
      <Fact name="Tasks for a person">{formatNumber(byHand)}</Fact>
      <Fact name="What would be done">
        {byAction
          .map(({ action, count }) => `${ACTION_WORDS[action].label} ${formatNumber(count)}`)
          .join(' · ')}
      </Fact>
    </dl>
  );
}

function Fact({
  name,
  note = null,
  children,
}: {
  readonly name: string;
  readonly note?: string | null;
  readonly children?: Child;
}): Markup {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {children}
        {note === null ? null : (
          <Fragment>
            {' '}
            <span class="quiet small">{note}</span>
          </Fragment>
        )}
      </dd>
    </div>
  );
}

function People({
  title,
  tone,
  emails,
}: {
  readonly title: string;
  readonly tone: 'good' | 'bad';
  readonly emails: readonly string[];
}): Markup | null {
  if (emails.length === 0) return null;
  const rest = emails.length - NAMES_SHOWN;
  return (
    <div class="stack-s">
      <h3>{title}</h3>
      <p class="row">
        {emails.slice(0, NAMES_SHOWN).map((email) => (
          <Badge tone={tone}>{email}</Badge>
        ))}
        {rest > 0 ? <span class="quiet">and {formatNumber(rest)} more</span> : null}
      </p>
    </div>
  );
}
