import type { AccountStatus } from '../../administration/accounts.js';
import { Ago, formatCount, formatNumber, formatSpan } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge, type Tone } from '../parts/badge.js';
import { POLICY_WORDS } from '../parts/words.js';
import { paths } from '../paths.js';

/** One phone system at a glance. */
export function AccountCard({
  account,
  now,
}: {
  readonly account: AccountStatus;
  readonly now: Date;
}): Markup {
  const policy = POLICY_WORDS[account.policy];
  return (
    <article class="card account-card">
      <div class="row spread">
        <h3>
          <a class="cover" href={paths.account(account.name)}>
            {account.name}
          </a>
        </h3>
        <Badge tone={policy.tone}>{policy.label}</Badge>
      </div>
      <p>
        <AccountState account={account} now={now} />
      </p>
      <dl class="facts">
        <Fact name="Agents" value={formatNumber(account.agents.active)} />
        <Fact name="Parked" value={formatNumber(account.agents.parked)} />
        <Fact name="Waiting" value={formatNumber(account.queue.waiting)} />
      </dl>
      <Seats account={account} />
    </article>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): Markup {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** The account's state in one line. */
export function AccountState({
  account,
  now,
}: {
  readonly account: AccountStatus;
  readonly now: Date;
}): Markup {
  const { tone, label } = stateOf(account, now);
  return (
    <span class="row">
      <Badge tone={tone}>{label}</Badge>
      <span class="quiet small">
        {account.reconciledAt === null ? (
          'Never reconciled'
        ) : (
          <span>
            Reconciled <Ago at={account.reconciledAt} now={now} />
          </span>
        )}
      </span>
    </span>
  );
}

function stateOf(account: AccountStatus, now: Date): { readonly tone: Tone; readonly label: string } {
  const { queue, pausedReason, restUntil, heldPlans, reconciledAt } = account;
  if (pausedReason !== null) return { tone: 'bad', label: 'Paused' };
  if (restUntil !== null && restUntil > now) {
    return {
      tone: 'warn',
      label: `Waits for the vendor, ${formatSpan(restUntil.getTime() - now.getTime())}`,
    };
  }
  if (heldPlans > 0)
    return { tone: 'warn', label: formatCount(heldPlans, 'plan to approve', 'plans to approve') };
  if (queue.waiting > 0)
    return { tone: 'info', label: `${formatCount(queue.waiting, 'person', 'people')} on the way` };
  if (reconciledAt === null) return { tone: 'info', label: 'First reading to come' };
  return { tone: 'good', label: 'Up to date' };
}

function Seats({ account }: { readonly account: AccountStatus }): Markup | null {
  const { seatCeiling, agents } = account;
  if (seatCeiling === null || seatCeiling === 0) return null;
  const used = agents.active + agents.parked;
  const text = `${formatNumber(used)} of ${formatNumber(seatCeiling)} seats, parked people included`;
  return (
    <div>
      <meter
        min="0"
        max={String(seatCeiling)}
        high={String(Math.ceil(seatCeiling * 0.95))}
        optimum="0"
        value={String(Math.min(used, seatCeiling))}
        aria-label="Seats in use"
      >
        {text}
      </meter>
      <p class="quiet small">{text}</p>
    </div>
  );
}
