import type { ImpactOnAccount, KnownImpact } from '../../domain/impact.js';
import { describeUnknown } from '../../rules/changes.js';

const NAMES_SHOWN = 10;

/** For people: one block an account; of one that cannot be asked, why, and what to do. */
export function renderImpacts(impacts: readonly ImpactOnAccount[]): string {
  if (impacts.length === 0) return 'This tenant has no account yet, so nothing would change.';
  return impacts.map(renderImpact).join('\n');
}

/** For programs: an error's message is no own property and would be lost otherwise. */
export function impactJson(impacts: readonly ImpactOnAccount[]): readonly object[] {
  return impacts.map((one) =>
    one.type === 'known'
      ? one
      : {
          type: one.type,
          accountName: one.accountName,
          error: one.error.kind,
          message: describeUnknown(one),
        },
  );
}

function renderImpact(one: ImpactOnAccount): string {
  const title = `Account "${one.accountName}":`;
  if (one.type === 'unknown') return `${title}\n  cannot be told   ${describeUnknown(one)}`;
  return [title, ...linesOf(one)].join('\n');
}

function linesOf({ impact, verdict }: KnownImpact): readonly string[] {
  const cost = impact.newCostPerMonth;
  const price = cost === null ? '' : `, ${cost.amountPerMonth.toFixed(2)} ${cost.currency} a month more`;
  return [
    `  gain something   ${impact.gaining.length}${listPeople(impact.gaining)}`,
    `  lose something   ${impact.losing.length}${listPeople(impact.losing)}`,
    `  new seats        ${impact.newSeats}${price}`,
    `  changes          ${impact.byAction.map(({ action, count }) => `${count} ${action}`).join(', ') || 'none'}`,
    `  vendor requests  ${impact.calls}, about ${Math.max(1, Math.ceil(impact.minutes))} min at this account's pace`,
    `  tasks by hand    ${impact.byHand}`,
    ...(impact.spared.length === 0
      ? []
      : [`  would not come   ${impact.spared.length}${listPeople(impact.spared)}`]),
    ...pendingLines(impact.pending),
    ...(verdict.type === 'held' ? verdict.holds.map((hold) => `  would be held    ${hold.message}`) : []),
  ];
}

function pendingLines({
  changes,
  people,
  newSeats,
  calls,
}: KnownImpact['impact']['pending']): readonly string[] {
  if (changes === 0) return [];
  return [
    `  comes anyway     ${changes} changes for ${people} people, ${newSeats} new seats, ${calls} requests: not counted above`,
  ];
}

function listPeople(emails: readonly string[]): string {
  if (emails.length === 0) return '';
  const more = emails.length > NAMES_SHOWN ? `, and ${emails.length - NAMES_SHOWN} more` : '';
  return `  (${emails.slice(0, NAMES_SHOWN).join(', ')}${more})`;
}
