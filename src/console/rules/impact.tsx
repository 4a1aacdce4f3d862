import type { Impact } from '../../domain/impact.js';
import type { ImpactOnAccount, KnownImpact } from '../../domain/impact.js';
import { describeUnknown } from '../../rules/changes.js';
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
  known: { impact, verdict },
}: {
  readonly title: string;
  readonly known: KnownImpact;
}): Markup {
  const { byAction, pending, spared } = impact;
  const isNothing = byAction.length === 0 && spared.length === 0;
  return (
    <Card title={title} aside={isNothing ? <Badge tone="good">Nothing changes</Badge> : null}>
      {isNothing && pending.changes === 0 && verdict.type === 'allowed' ? null : (
        <div class="card-body stack">
          {isNothing ? null : <Numbers impact={impact} />}
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
          <People title="What was to come for them would not come any more" tone="warn" emails={spared} />
          {pending.changes === 0 ? null : <p class="quiet">{pendingWords(pending)}</p>}
        </div>
      )}
    </Card>
  );
}

function pendingWords({ changes, people, newSeats }: Impact['pending']): string {
  const seats = newSeats === 0 ? '' : `, among them ${formatCount(newSeats, 'new seat', 'new seats')}`;
  const come = changes === 1 ? 'comes' : 'come';
  return `${formatCount(changes, 'change', 'changes')} for ${formatCount(people, 'person', 'people')}${seats}, ${come} by the rules that are in force anyway and ${changes === 1 ? 'is' : 'are'} not counted here.`;
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
  readonly tone: 'good' | 'bad' | 'warn';
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
