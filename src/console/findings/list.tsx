import { FINDING_CLASSES, FINDING_SEVERITIES } from '../../domain/findings/finding.js';
import type { FindingClass, FindingSeverity } from '../../domain/findings/finding.js';
import { FINDING_STATES, type FindingState, type StoredFinding } from '../../report/ports.js';
import { Ago, formatCount } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead, Pager, Tabs } from '../parts/blocks.js';
import { SearchField } from '../parts/search-field.js';
import { paths } from '../paths.js';
import { CLASS_WORDS, SEVERITY_WORDS, STATE_WORDS } from './words.js';

export interface FindingsListed {
  readonly state: FindingState;
  readonly class: FindingClass | null;
  readonly severity: FindingSeverity | null;
  readonly source: string | null;
  readonly search: string;
  /** What is compared, by name. */
  readonly sources: readonly { readonly key: string; readonly name: string }[];
  readonly total: number;
  readonly offset: number;
  readonly rows: readonly StoredFinding[];
  readonly hasMore: boolean;
  readonly now: Date;
}

export function FindingsPage(listed: FindingsListed): Markup {
  const { state, rows, offset, hasMore } = listed;
  const query = queryOf(listed);
  return (
    <div>
      <PageHead
        title="Findings"
        lead="Where the phone systems, or the identity provider’s own list, differ from what the directory and the rules say."
      >
        <a class="button plain" href={paths.comparisons()}>
          Comparisons
        </a>
      </PageHead>
      <Tabs
        label="Findings"
        tabs={FINDING_STATES.map((value) => ({
          label: STATE_WORDS[value],
          href: paths.findings({ ...query, state: value === 'open' ? null : value }),
          isCurrent: value === state,
        }))}
      />
      <Card>
        <Filters {...listed} />
        {rows.length === 0 ? <NothingFound {...listed} /> : <Rows {...listed} />}
        <Pager
          first={offset === 0 ? null : paths.findings(query)}
          next={hasMore ? paths.findings({ ...query, from: String(offset + rows.length) }) : null}
        />
      </Card>
    </div>
  );
}

function queryOf({ state, class: kind, severity, source, search }: FindingsListed) {
  return { state: state === 'open' ? null : state, class: kind, severity, source, search };
}

function Filters({ state, class: kind, severity, source, sources, search }: FindingsListed): Markup {
  return (
    <form class="toolbar" method="get" action={paths.findings()} role="search">
      <input type="hidden" name="state" value={state} />
      <SearchField value={search} placeholder="Person, team or number" />
      <Choice
        name="severity"
        label="Severity"
        selected={severity}
        options={FINDING_SEVERITIES.map((value) => ({ value, label: SEVERITY_WORDS[value].label }))}
      />
      <Choice
        name="class"
        label="What"
        selected={kind}
        options={FINDING_CLASSES.map((value) => ({ value, label: CLASS_WORDS[value] }))}
      />
      {sources.length < 2 ? null : (
        <Choice
          name="source"
          label="Compared with"
          selected={source}
          options={sources.map(({ key, name }) => ({ value: key, label: name }))}
        />
      )}
      <button class="button plain" type="submit">
        Show
      </button>
    </form>
  );
}

function Choice({
  name,
  label,
  selected,
  options,
}: {
  readonly name: string;
  readonly label: string;
  readonly selected: string | null;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}): Markup {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        <option value="">All</option>
        {options.map((one) => (
          <option value={one.value} selected={one.value === selected}>
            {one.label}
          </option>
        ))}
      </select>
    </div>
  );
}

function Rows({ rows, sources, total, now }: FindingsListed): Markup {
  const names = new Map(sources.map(({ key, name }) => [key, name]));
  const nameOf = ({ source: { type, id } }: StoredFinding): string | null =>
    names.get(`${type}:${id}`) ?? null;
  return (
    <div>
      <p class="quiet small card-body">{formatCount(total, 'finding', 'findings')}</p>
      <ul class="rows">
        {rows.map((stored) => (
          <FindingLine stored={stored} source={nameOf(stored)} now={now} />
        ))}
      </ul>
    </div>
  );
}

/** One finding in a list. */
function FindingLine({
  stored,
  source,
  now,
}: {
  readonly stored: StoredFinding;
  /** Name of what was compared; null where it is not compared any more. */
  readonly source: string | null;
  readonly now: Date;
}): Markup {
  const { finding, assignee, dueAt, resolvedAt, decision } = stored;
  const isOverdue = resolvedAt === null && dueAt !== null && dueAt < now;
  return (
    <li>
      <div class="grow">
        <a class="cover" href={paths.finding(stored.id)}>
          {finding.words.title}
        </a>
        <p class="quiet small">
          {source === null ? '' : `${source} · `}
          {CLASS_WORDS[finding.class]} · since <Ago at={stored.openedAt} now={now} />
          {assignee === null ? '' : ` · ${assignee}`}
        </p>
      </div>
      <span class="end">
        {isOverdue ? <Badge tone="warn">Overdue</Badge> : null}
        {decision?.type === 'fix' ? <Badge tone="info">Is being put right</Badge> : null}
        <Badge tone={SEVERITY_WORDS[finding.severity].tone}>{SEVERITY_WORDS[finding.severity].label}</Badge>
      </span>
    </li>
  );
}

function NothingFound({ state, search, class: kind, severity, source }: FindingsListed): Markup {
  if (search !== '' || kind !== null || severity !== null || source !== null) {
    return (
      <Empty title="Nothing like that">
        <p>Choose less in the filter, or another state.</p>
      </Empty>
    );
  }
  return (
    <Empty title={state === 'open' ? 'Everything is as it should be' : `Nothing is ${state}`}>
      <p>
        Phone systems are compared as a whole on their schedule. What differs is listed here, and gone from
        here when it is put right.
      </p>
    </Empty>
  );
}
