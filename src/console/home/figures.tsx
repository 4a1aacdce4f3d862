import type { ExpiringCertificate } from '../../administration/attention.js';
import type { AccountStatus } from '../../administration/accounts.js';
import type { Overview } from '../../administration/overview.js';
import { formatCount, formatDistance, formatNumber } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { paths } from '../paths.js';

export interface FiguresShown {
  readonly overview: Overview;
  readonly certificates: readonly ExpiringCertificate[];
  readonly now: Date;
}

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly href: string;
}

/** The numbers that an admin looks for every day, each with the way to its reason. */
export function Figures(shown: FiguresShown): Markup {
  return (
    <section class="card" aria-label="At a glance">
      <ul class="figures">
        {listFigures(shown).map(({ name, value, note, href }) => (
          <li>
            <a href={href}>
              <span class="quiet small">{name}</span>
              <span class="figure">{value}</span>
              <span class="quiet small">{note}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** In the order in which a change travels: from the identity provider to the phone system, and to people. */
export function listFigures({ overview, certificates, now }: FiguresShown): readonly Figure[] {
  return [
    pushFigure(overview, now),
    queueFigure(overview, now),
    reconcileFigure(overview, now),
    planFigure(overview),
    leaverFigure(overview, now),
    taskFigure(overview),
    seatFigure(overview),
    certificateFigure(overview, certificates),
  ];
}

function pushFigure({ lastPushAt, scimTokens }: Overview, now: Date): Figure {
  return {
    name: 'Last push',
    value: lastPushAt === null ? 'None yet' : formatDistance(lastPushAt, now),
    note: formatCount(scimTokens.length, 'SCIM token', 'SCIM tokens'),
    href: paths.connections(),
  };
}

function queueFigure({ accounts }: Overview, now: Date): Figure {
  const waiting = sum(accounts, ({ queue }) => queue.waiting);
  const oldest = earliest(accounts.map(({ queue }) => queue.oldestAt));
  return {
    name: 'On the way',
    value: formatNumber(waiting),
    note: oldest === null ? 'nothing waits' : `the oldest from ${formatDistance(oldest, now)}`,
    href: paths.people({ filter: 'waiting' }),
  };
}

function reconcileFigure({ accounts }: Overview, now: Date): Figure {
  const times = accounts.map(({ reconciledAt }) => reconciledAt);
  const oldest = times.includes(null) ? null : earliest(times);
  const never = times.filter((at) => at === null).length;
  return {
    name: 'Last reconciliation',
    value: oldest === null ? 'None yet' : formatDistance(oldest, now),
    note:
      never > 0 && accounts.length > 1
        ? `${formatNumber(never)} of ${formatNumber(accounts.length)} never`
        : formatCount(accounts.length, 'phone system', 'phone systems'),
    href: paths.accounts(),
  };
}

function planFigure({ accounts }: Overview): Figure {
  const held = sum(accounts, ({ heldPlans }) => heldPlans);
  const people = sum(accounts, ({ queue }) => queue.held);
  return {
    name: 'Held plans',
    value: formatNumber(held),
    note: held === 0 ? 'nothing to approve' : formatCount(people, 'person waits', 'people wait'),
    href: paths.plans({ state: 'held' }),
  };
}

function leaverFigure({ accounts, leavers }: Overview, now: Date): Figure {
  const due = earliest(leavers.next.map(({ dueAt }) => dueAt));
  return {
    name: 'Parked',
    value: formatNumber(sum(accounts, ({ agents }) => agents.parked)),
    note: due === null ? 'no deletion is due' : `next deletion ${formatDistance(due, now)}`,
    href: paths.leavers(),
  };
}

function taskFigure({ tasks }: Overview): Figure {
  const parts = [
    ...(tasks.urgent > 0 ? [`${formatNumber(tasks.urgent)} urgent`] : []),
    ...(tasks.overdue > 0 ? [`${formatNumber(tasks.overdue)} overdue`] : []),
  ];
  return {
    name: 'Worklist',
    value: formatNumber(tasks.open),
    note: parts.length === 0 ? 'none is urgent' : parts.join(', '),
    href: paths.worklist(),
  };
}

function seatFigure({ accounts }: Overview): Figure {
  const used = sum(accounts, seatsOf);
  const ceilings = accounts.map(({ seatCeiling }) => seatCeiling);
  const isKnown = ceilings.length > 0 && !ceilings.includes(null);
  const ceiling = sum(accounts, ({ seatCeiling }) => seatCeiling ?? 0);
  return {
    name: 'Seats',
    value: isKnown ? `${formatNumber(used)} of ${formatNumber(ceiling)}` : formatNumber(used),
    note: costWords(accounts),
    href: paths.accounts(),
  };
}

/** Parked people hold nothing and are still paid for. */
function seatsOf({ agents }: AccountStatus): number {
  return agents.active + agents.parked;
}

/** By currency: sums across currencies would mean nothing. */
function costWords(accounts: readonly AccountStatus[]): string {
  const costs = new Map<string, number>();
  for (const account of accounts) {
    if (account.seatPrice === null) continue;
    const { amountPerMonth, currency } = account.seatPrice;
    costs.set(currency, (costs.get(currency) ?? 0) + amountPerMonth * seatsOf(account));
  }
  if (costs.size === 0) return 'no price is set';
  const parts = [...costs].map(([currency, cost]) => `${formatNumber(Math.round(cost))} ${currency}`);
  return `${parts.join(' and ')} a month`;
}

function certificateFigure(
  { ssoConnections }: Overview,
  certificates: readonly ExpiringCertificate[],
): Figure {
  const worst = certificates.toSorted((a, b) => a.daysLeft - b.daysLeft)[0];
  const base = { name: 'Certificates', href: paths.connections() };
  if (ssoConnections === 0 && worst === undefined) {
    return { ...base, value: 'None', note: 'no single sign-on yet' };
  }
  const note = formatCount(ssoConnections, 'SSO connection', 'SSO connections');
  if (worst === undefined) return { ...base, value: 'Good', note };
  const value = worst.daysLeft <= 0 ? 'Run out' : `${formatCount(worst.daysLeft, 'day', 'days')} left`;
  return { ...base, value, note: worst.connection };
}

function sum(accounts: readonly AccountStatus[], of: (account: AccountStatus) => number): number {
  return accounts.reduce((total, account) => total + of(account), 0);
}

function earliest(moments: readonly (Date | null)[]): Date | null {
  const times = moments.flatMap((at) => (at === null ? [] : [at.getTime()]));
  return times.length === 0 ? null : new Date(Math.min(...times));
}
