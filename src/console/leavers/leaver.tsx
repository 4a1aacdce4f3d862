import type { LeaverRow } from '../../administration/leavers.js';
import { listEntitlements } from '../../domain/entitlement.js';
import type { HandoverStanding } from '../../deprovision/handover-ports.js';
import { can, type PageContext } from '../kit/context.js';
import { Moment } from '../kit/format.js';
import { Fragment, h, type Child, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { entitlementWords } from '../parts/words.js';
import { paths } from '../paths.js';
import { HandoverCard } from './handover.js';

export interface LeaverShown {
  readonly context: PageContext;
  readonly leaver: LeaverRow;
  readonly handover: HandoverStanding | null;
}

/** One leaver: where the deletion stands, what holds it, what is kept, and what a person may decide. */
export function LeaverPage({ context, leaver, handover }: LeaverShown): Markup {
  const mayDecide = can(context, 'leavers:decide') && isOpen(leaver);
  return (
    <div>
      <PageHead
        title={leaver.displayName}
        lead={`${leaver.email} in ${leaver.account}`}
        crumbs={{ href: paths.leavers(), label: 'Leavers' }}
      >
        <StageBadge leaver={leaver} />
        <a class="button plain" href={paths.person(leaver.personId)}>
          The person
        </a>
      </PageHead>
      <div class="stack">
        <Standing leaver={leaver} />
        {leaver.approval !== null && mayDecide ? <Approval context={context} leaver={leaver} /> : null}
        <HandoverCard
          context={context}
          standing={handover}
          action={can(context, 'leavers:decide') ? paths.leaver(leaver.linkId, '/successor') : null}
          mayChoose={isOpen(leaver)}
        />
        {can(context, 'leavers:decide') ? <LegalHoldCard context={context} leaver={leaver} /> : null}
        {mayDecide && leaver.deletionId !== null ? <DateCard context={context} leaver={leaver} /> : null}
        <KeptCard context={context} leaver={leaver} />
      </div>
    </div>
  );
}

const STAGE_WORDS = {
  parked: 'Parked',
  due: 'Due now',
  held: 'Waits',
  deleting: 'Being deleted',
  deleted: 'Deleted, being proved',
  verified: 'Deleted and proved',
} as const;

function StageBadge({ leaver: { stage } }: { readonly leaver: LeaverRow }): Markup {
  const tone = stage === 'held' ? 'warn' : stage === 'deleting' ? 'bad' : undefined;
  return tone === undefined ? (
    <Badge>{STAGE_WORDS[stage]}</Badge>
  ) : (
    <Badge tone={tone}>{STAGE_WORDS[stage]}</Badge>
  );
}

function isOpen({ stage }: LeaverRow): boolean {
  return stage === 'parked' || stage === 'due' || stage === 'held';
}

function Standing({ leaver }: { readonly leaver: LeaverRow }): Markup {
  const held = leaver.held === null ? [] : listEntitlements(leaver.held);
  const why = leaver.holdReason ?? leaver.waitsFor;
  return (
    <Card title="Where it stands">
      <dl class="pairs card-body">
        <Pair name="Parked">{leaver.parkedAt === null ? '–' : <Moment at={leaver.parkedAt} />}</Pair>
        <Pair name="Deleted for good">
          {leaver.deletedAt !== null ? (
            <Moment at={leaver.deletedAt} />
          ) : leaver.dueAt === null ? (
            'No date: stays parked'
          ) : (
            <Fragment>
              not before <Moment at={leaver.dueAt} />
            </Fragment>
          )}
        </Pair>
        {why === null ? null : <Pair name="Waits because">{why}</Pair>}
        <Pair name="Held before">
          {held.length === 0 ? (
            '–'
          ) : (
            <span class="row">
              {held.map((one) => (
                <Badge>{entitlementWords(one)}</Badge>
              ))}
            </span>
          )}
        </Pair>
      </dl>
    </Card>
  );
}

function Approval({
  context,
  leaver,
}: {
  readonly context: PageContext;
  readonly leaver: LeaverRow;
}): Markup {
  return (
    <Card title="Approve this deletion">
      <PostForm action={paths.leavers({}, '/approve')} session={context.session} class="card-body">
        <p>
          {leaver.displayName} is deleted from {leaver.account} for good. Nothing gives the agent back.
        </p>
        <input
          type="hidden"
          name={`approve.${leaver.approval?.planId ?? ''}`}
          value={leaver.approval?.digest ?? ''}
        />
        <button class="button danger" type="submit">
          Approve this deletion
        </button>
      </PostForm>
    </Card>
  );
}

function LegalHoldCard({
  context,
  leaver,
}: {
  readonly context: PageContext;
  readonly leaver: LeaverRow;
}): Markup {
  const { legalHold } = leaver;
  const action = paths.leaver(leaver.linkId, '/hold');
  return (
    <Card title="Legal hold">
      <div class="card-body stack">
        {legalHold === null ? (
          <p>None. While one stands, neither the agent nor archived recordings of this person are deleted.</p>
        ) : (
          <p>
            {legalHold.reason} (set by {legalHold.setBy},{' '}
            {legalHold.until === null ? 'without an end' : <Moment at={legalHold.until} />})
          </p>
        )}
        <PostForm action={action} session={context.session} class="stack">
          <div class="field">
            <label for="reason">Reason</label>
            <input id="reason" name="reason" required maxlength="500" value={legalHold?.reason ?? ''} />
          </div>
          <div class="field">
            <label for="until">Until (empty: no end)</label>
            <input
              id="until"
              name="until"
              type="date"
              value={legalHold?.until?.toISOString().slice(0, 10) ?? ''}
            />
          </div>
          <div>
            <button class="button" type="submit">
              {legalHold === null ? 'Set the legal hold' : 'Change it'}
            </button>
          </div>
        </PostForm>
        {legalHold === null ? null : (
          <PostForm action={`${action}/release`} session={context.session}>
            <button class="button plain" type="submit">
              Release the legal hold
            </button>
          </PostForm>
        )}
      </div>
    </Card>
  );
}

function DateCard({
  context,
  leaver,
}: {
  readonly context: PageContext;
  readonly leaver: LeaverRow;
}): Markup {
  return (
    <Card title="Date of the deletion">
      <div class="card-body stack">
        <PostForm action={paths.leaver(leaver.linkId, '/schedule')} session={context.session} class="stack">
          <div class="field">
            <label for="day">Not before (UTC)</label>
            <input
              id="day"
              name="day"
              type="date"
              required
              value={leaver.dueAt?.toISOString().slice(0, 10) ?? ''}
            />
          </div>
          <div>
            <button class="button" type="submit">
              Set the date
            </button>
          </div>
        </PostForm>
        <PostForm action={paths.leaver(leaver.linkId, '/cancel')} session={context.session}>
          <button class="button plain" type="submit">
            Cancel the deletion; stay parked
          </button>
        </PostForm>
      </div>
    </Card>
  );
}

function KeptCard({
  context,
  leaver,
}: {
  readonly context: PageContext;
  readonly leaver: LeaverRow;
}): Markup {
  const { archive } = leaver;
  return (
    <Card title="What is kept">
      <div class="card-body stack">
        {archive === null ? null : (
          <p>
            {archive.stored} recordings are in the archive, {archive.open} are still to be fetched
            {archive.missing === 0 ? '.' : `, ${String(archive.missing)} of them could not be fetched.`}
          </p>
        )}
        {leaver.isClean === false ? (
          <p>
            <Badge tone="warn">The certificate has remarks</Badge>
          </p>
        ) : null}
        <Downloads context={context} leaver={leaver} />
        {archive !== null && archive.missing > 0 && isOpen(leaver) && can(context, 'leavers:decide') ? (
          <PostForm action={paths.leaver(leaver.linkId, '/waive')} session={context.session} class="stack">
            <div class="field">
              <label for="why">Let them go, because</label>
              <input id="why" name="reason" required maxlength="500" />
            </div>
            <div>
              <button class="button danger" type="submit">
                Let {archive.missing} recordings go
              </button>
            </div>
          </PostForm>
        ) : null}
      </div>
    </Card>
  );
}

function Downloads({
  context,
  leaver,
}: {
  readonly context: PageContext;
  readonly leaver: LeaverRow;
}): Markup {
  if (!leaver.hasManifest) return <p>The manifest is written right before the deletion.</p>;
  if (!can(context, 'audit:read'))
    return <p class="quiet">Operators may download manifest and certificate.</p>;
  return (
    <p class="row">
      <a class="button plain" href={paths.leaver(leaver.linkId, '/manifest.json')}>
        Manifest (signed JSON)
      </a>
      <a class="button plain" href={paths.leaver(leaver.linkId, '/manifest.csv')}>
        Manifest (CSV)
      </a>
      {leaver.isClean === null ? null : (
        <a class="button plain" href={paths.leaver(leaver.linkId, '/certificate.json')}>
          Certificate (signed JSON)
        </a>
      )}
    </p>
  );
}

function Pair({ name, children }: { readonly name: string; readonly children?: Child }): Markup {
  return (
    <Fragment>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </Fragment>
  );
}
