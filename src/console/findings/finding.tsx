import type { StoredFinding } from '../../report/ports.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago, Day, formatCount } from '../kit/format.js';
import { h, type Child, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';
import { CLASS_WORDS, SEVERITY_WORDS } from './words.js';

interface FindingShown {
  readonly context: PageContext;
  readonly stored: StoredFinding;
  /** Name of the account or the connection. */
  readonly source: string;
  /** The name under which this person takes things on. */
  readonly self: string;
}

/** One finding: what it means, what is to be done, and what was decided. */
export function FindingPage(shown: FindingShown): Markup {
  const { context, stored, source } = shown;
  const { finding } = stored;
  const isOpen = stored.resolvedAt === null;
  return (
    <div>
      <PageHead
        title={finding.words.title}
        lead={`${CLASS_WORDS[finding.class]} · ${source}`}
        crumbs={{ href: paths.findings(), label: 'Findings' }}
      >
        <Badge tone={SEVERITY_WORDS[finding.severity].tone}>{SEVERITY_WORDS[finding.severity].label}</Badge>
        {isOpen ? null : <Badge tone="good">Resolved</Badge>}
      </PageHead>
      <div class="columns">
        <Card title="What it means">
          <div class="card-body stack">
            <p>{finding.words.meaning}</p>
            <p class="strong">{finding.words.advice}</p>
            <Evidence {...shown} />
          </div>
        </Card>
        <Card title="State">
          <div class="card-body stack">
            <History stored={stored} now={context.now} />
            {isOpen && can(context, 'findings:decide') ? <Actions {...shown} /> : null}
          </div>
        </Card>
      </div>
    </div>
  );
}

function Evidence({ stored: { finding } }: FindingShown): Markup {
  const { expected, found, facts } = finding.evidence;
  return (
    <div class="stack-s">
      <dl class="pairs">
        <Pair name="Expected" value={expected} />
        <Pair name="Found" value={found} />
        {facts.map(({ name, value }) => (
          <Pair name={name} value={value} />
        ))}
      </dl>
      {finding.subjectId === null ? null : (
        <p>
          <a href={paths.person(finding.subjectId)}>About this person</a>
        </p>
      )}
    </div>
  );
}

function Pair({ name, value }: { readonly name: string; readonly value: Child }): Markup | null {
  if (value === '' || value === null) return null;
  return (
    <div class="contents">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function History({ stored, now }: { readonly stored: StoredFinding; readonly now: Date }): Markup {
  const { decision, ignored, assignee, dueAt, resolvedAt, occurrences } = stored;
  return (
    <dl class="pairs">
      <Pair name="First seen" value={<Ago at={stored.firstSeenAt} now={now} />} />
      <Pair name="Last seen" value={<Ago at={stored.lastSeenAt} now={now} />} />
      <Pair name="Came up" value={occurrences > 1 ? formatCount(occurrences, 'time', 'times') : ''} />
      <Pair name="Resolved" value={resolvedAt === null ? null : <Ago at={resolvedAt} now={now} />} />
      <Pair name="Seen to by" value={assignee ?? 'Nobody yet'} />
      <Pair name="Due" value={dueAt === null ? null : <Day at={dueAt} />} />
      <Pair
        name="Decided"
        value={
          decision === null
            ? null
            : `${decision.type === 'fix' ? 'To be put right' : 'Accepted as it is'}, by ${decision.by}`
        }
      />
      <Pair
        name="Ignored"
        value={
          ignored === null ? null : (
            <span>
              {ignored.until === null ? 'for good' : <Day at={ignored.until} />}, by {ignored.by}:{' '}
              {ignored.reason}
            </span>
          )
        }
      />
    </dl>
  );
}

function Actions(shown: FindingShown): Markup {
  const { stored, self } = shown;
  const { finding, decision, ignored } = stored;
  const canFix = finding.fixedBy.length > 0 || finding.class === 'idp-deactivated';
  const isMine = stored.assignee === self;
  return (
    <div class="stack">
      <div class="row">
        {canFix && decision?.type !== 'fix' ? (
          <Act {...shown} verb="fix" label={fixLabel(stored)} isMain />
        ) : null}
        {decision === null && finding.class !== 'parked-active' ? (
          <Act {...shown} verb="accept" label="It is right as it is" />
        ) : null}
        {decision === null ? null : <Act {...shown} verb="undecide" label="Take the decision back" />}
        <Act {...shown} verb={isMine ? 'release' : 'claim'} label={isMine ? 'Give it back' : 'I see to it'} />
        {ignored === null ? null : <Act {...shown} verb="unignore" label="No longer ignore it" />}
      </div>
      {ignored === null ? <IgnoreForm {...shown} /> : null}
    </div>
  );
}

function fixLabel({ finding }: StoredFinding): string {
  return finding.class === 'idp-deactivated' ? 'Deactivate them here now' : 'Put it right';
}

function Act({
  context,
  stored,
  verb,
  label,
  isMain = false,
}: FindingShown & { readonly verb: string; readonly label: string; readonly isMain?: boolean }): Markup {
  return (
    <PostForm action={paths.finding(stored.id, `/${verb}`)} session={context.session}>
      <button class={isMain ? 'button' : 'button plain'} type="submit">
        {label}
      </button>
    </PostForm>
  );
}

function IgnoreForm({ context, stored }: FindingShown): Markup {
  return (
    <details>
      <summary>Ignore it</summary>
      <PostForm action={paths.finding(stored.id, '/ignore')} session={context.session} class="stack-s">
        <div class="field">
          <label for="reason">Why, for whoever looks next</label>
          <input id="reason" name="reason" required maxlength="500" autocomplete="off" />
        </div>
        <div class="field">
          <label for="until">Until (empty: until something else is found there)</label>
          <input id="until" name="until" type="date" />
        </div>
        <div>
          <button class="button plain" type="submit">
            Ignore it
          </button>
        </div>
      </PostForm>
    </details>
  );
}
