import type { Holding, Standing, StandingRow } from '../../administration/standing.js';
import { Ago, formatDistance } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge, type Tone } from '../parts/badge.js';
import { Card, Cell, Table, TableRow } from '../parts/blocks.js';
import { entitlementWords, LEAVER_WORDS } from '../parts/words.js';
import { paths } from '../paths.js';
import { AgentBadge } from './list.js';

/** Desired beside actual in one phone system, with the reason of everything. */
export function StandingCard({ standing, now }: { readonly standing: Standing; readonly now: Date }): Markup {
  const { link, account, rows } = standing;
  return (
    <Card
      title={<a href={paths.account(account)}>{account}</a>}
      aside={
        link === null ? (
          <Badge>No agent</Badge>
        ) : (
          <AgentBadge account={`Agent ${link.providerUserId}`} state={link.state} />
        )
      }
    >
      <div class="card-body stack-s">
        <p>{decisionWords(standing)}</p>
        <LinkLine standing={standing} now={now} />
        <MarkNotice standing={standing} now={now} />
        <ChecklistNotice standing={standing} now={now} />
        {standing.notices.map((message) => (
          <p class="notice warn">{message}</p>
        ))}
      </div>
      {rows.length === 0 ? null : (
        <Table
          label={`What the person should hold and holds in ${account}`}
          head={['What', 'The rules want it', 'Held there']}
        >
          {rows.map((row) => (
            <Row row={row} isLeaver={standing.decision?.type === 'leaver'} />
          ))}
        </Table>
      )}
      <p class="card-body quiet small">
        {standing.readAt === null ? (
          neverOrAgain(standing)
        ) : (
          <span>
            As last read <Ago at={standing.readAt} now={now} />.
            {standing.isOutdated
              ? ' Patchbay has changed something for this person since then: what else they hold shows at the next reading.'
              : ''}
          </span>
        )}
      </p>
    </Card>
  );
}

function neverOrAgain({ agent }: Standing): string {
  return agent === null
    ? 'This phone system has not been read yet.'
    : 'Something changed there since the last reading: it is read again before anything is written.';
}

function decisionWords({ decision, account }: Standing): string {
  if (decision === null) return 'There are no rules yet, so nothing is wanted here.';
  switch (decision.type) {
    case 'wanted':
      return `The rules want an agent for this person in ${account}.`;
    case 'leaver':
      return `No agent is wanted here: the person is ${LEAVER_WORDS[decision.fact]}.`;
    case 'unclear':
      return 'It cannot be told whether an agent is wanted. Nothing is given or taken until the rule is mended.';
  }
}

function LinkLine({
  standing: { link },
  now,
}: {
  readonly standing: Standing;
  readonly now: Date;
}): Markup | null {
  if (link === null) return null;
  const origin = link.origin === 'created' ? 'Created by Patchbay' : 'Existed before and was taken over';
  if (link.state !== 'parked' || link.parkedAt === null) return <p class="quiet small">{origin}.</p>;
  const due =
    link.deleteDueAt === null
      ? 'no deletion is planned'
      : `deleted for good ${formatDistance(new Date(link.deleteDueAt), now)}`;
  return (
    <p class="notice warn">
      Parked <Ago at={new Date(link.parkedAt)} now={now} />: holds nothing; {due}. Reactivate the person in
      the identity provider to restore them.
    </p>
  );
}

function MarkNotice({
  standing: { mark },
  now,
}: {
  readonly standing: Standing;
  readonly now: Date;
}): Markup | null {
  if (mark === null) return null;
  if (mark.heldPlanId !== null) {
    return (
      <p class="notice warn">
        A change for this person waits for approval:{' '}
        <a href={paths.plan(mark.heldPlanId)}>look at the plan</a>.
      </p>
    );
  }
  if (mark.lastError !== null) {
    const next =
      mark.notBefore === 'change'
        ? 'It is tried again when the person changes.'
        : 'It is tried again by itself.';
    return (
      <p class="notice bad">
        The last try failed: {mark.lastError} {next}
      </p>
    );
  }
  return (
    <p class="notice">
      Changed <Ago at={mark.markedAt} now={now} /> and on the way to the phone system.
    </p>
  );
}

/** Nothing of this has happened before somebody says so. */
function ChecklistNotice({
  standing: { checklist, decision },
  now,
}: {
  readonly standing: Standing;
  readonly now: Date;
}): Markup | null {
  if (checklist === null) return null;
  const { taskId, openSteps, isUrgent, dueAt } = checklist;
  const steps = openSteps === 1 ? '1 step waits' : `${String(openSteps)} steps wait`;
  const due = dueAt === null ? '' : `, due ${formatDistance(dueAt, now)}`;
  const inside = decision?.type === 'leaver' ? ' Until then this person still has access.' : '';
  return (
    <p class={isUrgent ? 'notice bad' : 'notice warn'}>
      {`${steps} for a person${due}.${inside} `}
      <a href={paths.task(taskId)}>Open the checklist</a>
    </p>
  );
}

function Row({ row, isLeaver }: { readonly row: StandingRow; readonly isLeaver: boolean }): Markup {
  return (
    <TableRow>
      <Cell class="strong">{entitlementWords(row.entitlement)}</Cell>
      <Cell>
        {row.isWanted ? (
          <span class="stack-s">
            {row.reasons.map(({ ruleId, because }) => (
              <span>
                <code>{ruleId}</code> <span class="quiet small">{because}</span>
              </span>
            ))}
            {row.reasons.length === 0 ? <span class="quiet small">Default of the rules</span> : null}
          </span>
        ) : (
          <span class="quiet">
            {row.isThroughTeams ? 'No rule; at this vendor it comes with a team' : 'No rule'}
          </span>
        )}
      </Cell>
      <Cell>
        <HoldingBadge row={row} isLeaver={isLeaver} />
      </Cell>
    </TableRow>
  );
}

const HELD: Readonly<Record<Holding, { readonly label: string; readonly tone: Tone }>> = {
  yes: { label: 'Yes', tone: 'good' },
  written: { label: 'As last written; not shown by the vendor', tone: 'good' },
  said: { label: 'Done by hand; not shown by the vendor', tone: 'good' },
  no: { label: 'Not yet', tone: 'warn' },
  unread: { label: 'Yes, since the last reading', tone: 'good' },
  unknown: { label: 'Not shown by the vendor', tone: 'plain' },
  impossible: { label: 'There is none at this vendor', tone: 'plain' },
};

function HoldingBadge({ row, isLeaver }: { readonly row: StandingRow; readonly isLeaver: boolean }): Markup {
  const isExtra = !row.isWanted && row.held === 'yes';
  if (isExtra && isLeaver) return <Badge tone="warn">Still held</Badge>;
  if (isExtra && !row.isThroughTeams) return <Badge tone="info">Held without a rule</Badge>;
  const { label, tone } = HELD[row.held];
  return <Badge tone={tone}>{label}</Badge>;
}
