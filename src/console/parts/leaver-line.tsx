import type { LeaverRow } from '../../administration/leavers.js';
import { formatDistance, formatMoment } from '../kit/format.js';
import { h, type Child, type Markup } from '../markup/markup.js';
import { paths } from '../paths.js';
import { Badge } from './badge.js';

/** One leaver with the countdown to the permanent deletion. */
export function LeaverLine({
  leaver,
  now,
  children,
}: {
  readonly leaver: LeaverRow;
  readonly now: Date;
  readonly children?: Child;
}): Markup {
  return (
    <li>
      <div class="grow">
        <a class="cover" href={paths.leaver(leaver.linkId)}>
          {leaver.displayName}
        </a>
        <p class="quiet small">
          {leaver.email} · {leaver.account}
        </p>
        {leaver.holdReason === null ? null : <p class="small">{leaver.holdReason}</p>}
        {leaver.waitsFor === null ? null : <p class="quiet small">{leaver.waitsFor}</p>}
        {leaver.legalHold === null ? null : <Badge tone="warn">Legal hold</Badge>}
        {leaver.linesWithoutAnyone.length === 0 ? null : (
          <Badge tone="warn">{`Rings nobody: ${leaver.linesWithoutAnyone.join(', ')}`}</Badge>
        )}
        {leaver.isClean === false ? <Badge tone="warn">Certificate with remarks</Badge> : null}
      </div>
      <Countdown leaver={leaver} now={now} />
      {children}
    </li>
  );
}

function Countdown({ leaver, now }: { readonly leaver: LeaverRow; readonly now: Date }): Markup {
  const { stage, dueAt, deletedAt } = leaver;
  if ((stage === 'deleted' || stage === 'verified') && deletedAt !== null) {
    return <Moments label="Deleted for good" at={deletedAt} now={now} />;
  }
  if (stage === 'held') return <Badge tone="warn">Waits for a decision</Badge>;
  if (stage === 'deleting') return <Badge tone="bad">Being deleted</Badge>;
  if (dueAt === null) return <Badge>No deletion planned</Badge>;
  return dueAt <= now ? (
    <Badge tone="warn">Due now</Badge>
  ) : (
    <Moments label="Deleted for good" at={dueAt} now={now} />
  );
}

function Moments({
  label,
  at,
  now,
}: {
  readonly label: string;
  readonly at: Date;
  readonly now: Date;
}): Markup {
  return (
    <div class="countdown">
      <strong>
        <time datetime={at.toISOString()} title={formatMoment(at)}>
          {formatDistance(at, now)}
        </time>
      </strong>
      <span class="quiet small">{label}</span>
    </div>
  );
}
