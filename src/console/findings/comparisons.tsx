import { seatWords } from '../../report/model/seat-words.js';
import type { ComparisonRun } from '../../report/ports.js';
import type { SourceStatus } from '../../report/read-model.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago, formatCount, formatNumber } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge, type Tone } from '../parts/badge.js';
import { Card, Cell, Empty, PageHead, Pager, Table, TableRow } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';

export interface ComparisonsShown {
  readonly context: PageContext;
  readonly sources: readonly SourceStatus[];
  readonly runs: readonly ComparisonRun[];
  readonly isFirst: boolean;
  readonly next: string | null;
}

/** What is compared, how far it is at this moment, and how the last ones went. */
export function ComparisonsPage(shown: ComparisonsShown): Markup {
  return (
    <div>
      <PageHead
        title="Comparisons"
        lead="The directory against every phone system and against the identity provider’s own list."
        crumbs={{ href: paths.findings(), label: 'Findings' }}
      >
        <a class="button plain" href={paths.identityProviders()}>
          Identity providers
        </a>
      </PageHead>
      <div class="stack">
        <Sources {...shown} />
        <Card title="The last ones">
          <Runs {...shown} />
        </Card>
      </div>
    </div>
  );
}

/** Asks for itself anew while something is under way, and more seldom otherwise. */
export function Sources({ context, sources }: Pick<ComparisonsShown, 'context' | 'sources'>): Markup {
  const isRunning = sources.some(({ running }) => running !== null);
  return (
    <div
      id="compared"
      hx-get={paths.comparisons('/now')}
      hx-trigger={`every ${isRunning ? 2 : 15}s`}
      hx-swap="outerHTML"
    >
      <Card title="Now">
        {sources.length === 0 ? (
          <Empty title="Nothing is compared yet">
            <p>Connect a phone system first.</p>
          </Empty>
        ) : (
          <ul class="rows" aria-live="polite">
            {sources.map((source) => (
              <SourceLine context={context} source={source} />
            ))}
          </ul>
        )}
      </Card>
    </div>
  );
}

const TYPE_WORDS: Readonly<Record<ComparisonRun['type'], string>> = {
  account: 'Phone system',
  seats: 'Seats and their use',
  idp: 'Identity provider',
};

function SourceLine({
  context,
  source,
}: {
  readonly context: PageContext;
  readonly source: SourceStatus;
}): Markup {
  const { running, last, pausedReason } = source;
  const { type, id } = source.source;
  return (
    <li>
      <div class="grow">
        <p>
          <a class="cover" href={paths.findings({ source: `${type}:${id}` })}>
            {source.name}
          </a>{' '}
          <span class="quiet small">
            {type === 'seats' && !source.hasUse ? 'Seats against the plan' : TYPE_WORDS[type]}
          </span>
        </p>
        <p class="quiet small">
          {running !== null ? <Progress run={running} /> : <LastResult source={source} now={context.now} />}
        </p>
        <Seats source={source} />
        {type === 'seats' && !source.hasUse ? (
          <p class="quiet small">Who uses their seat is not compared: this phone system lists no calls.</p>
        ) : null}
        {running !== null || last?.state !== 'incomplete' ? null : <p class="small">{last.reason}</p>}
        {pausedReason === null ? null : <p class="small">{pausedReason}</p>}
      </div>
      <span class="end">
        <StateBadge source={source} />
        {can(context, 'findings:decide') ? (
          <PostForm action={paths.comparisons(`/${type}/${id}/run`)} session={context.session}>
            <button class="button plain" type="submit">
              Compare now
            </button>
          </PostForm>
        ) : null}
        <a href={paths.comparisons(`/${type}/${id}/policies`)}>Policies</a>
      </span>
    </li>
  );
}

/** Of the last complete comparison: how many findings there are says little about seats. */
function Seats({ source: { lastComplete } }: { readonly source: SourceStatus }): Markup | null {
  const seats = lastComplete?.figures?.seats;
  return seats === undefined ? null : <p class="small">{seatWords(seats)}</p>;
}

function Progress({ run }: { readonly run: ComparisonRun }): Markup {
  const { phase, done, total } = run;
  if (done === null) return <span>{phase}…</span>;
  if (total === null) {
    return (
      <span>
        {phase}: {formatNumber(done)}
      </span>
    );
  }
  return (
    <span>
      <label>
        {phase}: {formatNumber(done)} of {formatNumber(total)}
        <progress value={Math.min(done, total)} max={Math.max(1, total)}></progress>
      </label>
    </span>
  );
}

function LastResult({
  source: { last },
  now,
}: {
  readonly source: SourceStatus;
  readonly now: Date;
}): Markup {
  if (last === null) return <span>Not compared yet</span>;
  return (
    <span>
      <Ago at={last.startedAt} now={now} />
      {last.figures === null ? '' : ` · ${resultOf(last)}`}
    </span>
  );
}

function StateBadge({
  source: { running, last, pausedReason },
}: {
  readonly source: SourceStatus;
}): Markup | null {
  if (pausedReason !== null) return <Badge tone="bad">Paused</Badge>;
  if (running !== null) return <Badge tone="info">Under way</Badge>;
  return last === null ? null : <RunBadge run={last} />;
}

function RunBadge({ run }: { readonly run: ComparisonRun }): Markup {
  const [label, tone] = RUN_WORDS[run.state];
  return <Badge tone={tone}>{label}</Badge>;
}

const RUN_WORDS: Readonly<Record<ComparisonRun['state'], readonly [string, Tone]>> = {
  running: ['Under way', 'info'],
  complete: ['Complete', 'good'],
  incomplete: ['Incomplete', 'warn'],
};

function resultOf({ figures }: ComparisonRun): string {
  if (figures === null) return '';
  const open = Object.values(figures.open).reduce((sum, count) => sum + count, 0);
  const parts = [formatCount(open, 'open finding', 'open findings')];
  if (figures.opened > 0) parts.push(`${formatNumber(figures.opened)} new`);
  if (figures.resolved > 0) parts.push(`${formatNumber(figures.resolved)} resolved`);
  return parts.join(', ');
}

function Runs({ context, sources, runs, isFirst, next }: ComparisonsShown): Markup {
  const names = new Map(sources.map(({ source, name }) => [`${source.type}:${source.id}`, name]));
  if (runs.length === 0) {
    return (
      <Empty title="None yet">
        <p>The first one follows the first rules.</p>
      </Empty>
    );
  }
  return (
    <div>
      <Table label="Comparisons" head={['Begun', 'What', 'Why', 'State', 'Result']}>
        {runs.map((run) => (
          <TableRow>
            <Cell>
              <Ago at={run.startedAt} now={context.now} />
            </Cell>
            <Cell>
              {names.get(`${run.type}:${run.id}`) ?? 'Not connected any more'} · {TYPE_WORDS[run.type]}
            </Cell>
            <Cell>{TRIGGER_WORDS[run.trigger] ?? run.trigger}</Cell>
            <Cell>
              <RunBadge run={run} />
            </Cell>
            <Cell>{run.reason ?? resultOf(run)}</Cell>
          </TableRow>
        ))}
      </Table>
      <Pager
        first={isFirst ? null : paths.comparisons()}
        next={next === null ? null : paths.comparisons('', { after: next })}
      />
    </div>
  );
}

const TRIGGER_WORDS: Readonly<Record<string, string>> = {
  schedule: 'schedule',
  manual: 'somebody asked',
  rules: 'new rules',
  webhook: 'hint of the vendor',
};
