import type { RecordedAgent } from '../../domain/manual-record.js';
import { combinedName } from '../../domain/person-name.js';
import type { ImportPreview } from '../../manual/imports.js';
import { changedFields } from '../../manual/merge.js';
import type { Account } from '../../tenancy/account.js';
import { can, type PageContext } from '../kit/context.js';
import { formatNumber, Moment } from '../kit/format.js';
import { h, type Child, type Markup } from '../markup/markup.js';
import { Card, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';

export interface PreviewShown {
  readonly context: PageContext;
  readonly account: Account;
  readonly preview: ImportPreview;
}

/** What a list would do, before it does it. */
export function PreviewPage(shown: PreviewShown): Markup {
  const { account, preview } = shown;
  const { row, reading, merge } = preview;
  return (
    <div>
      <PageHead
        title="Look at the import"
        lead={row.fileName}
        crumbs={{ href: paths.account(account.name, '/import'), label: 'Import a member list' }}
      />
      <div class="stack">
        <SummaryCard preview={preview} />
        {reading.missing.length === 0 ? null : (
          <p class="notice">
            {`The list says nothing about ${reading.missing.join(', ')}. That stays as it was known.`}
          </p>
        )}
        <PeopleCard title="Not there any more" people={merge.removed}>
          They are not in this list, which names everybody. Whoever of them is still wanted is asked to be
          invited again.
        </PeopleCard>
        <PeopleCard title="New" people={merge.added}>
          Known from now on. Whoever the rules want is taken over, others are reported as unmanaged.
        </PeopleCard>
        <ChangedCard preview={preview} />
        <PeopleCard title="Left as they are" people={merge.kept}>
          Somebody confirmed something about them after this list was exported.
        </PeopleCard>
        <StepsCard titles={preview.confirmed} />
        {can(shown.context, 'accounts:write') ? <DecisionCard {...shown} /> : null}
      </div>
    </div>
  );
}

function SummaryCard({ preview: { row, merge } }: { readonly preview: ImportPreview }): Markup {
  const facts: readonly (readonly [string, number])[] = [
    ['New', merge.added.length],
    ['Changed', merge.changed.length],
    ['Gone', merge.removed.length],
    ['Left as they are', merge.kept.length],
    ['As known', merge.unchanged],
  ];
  return (
    <Card title="What it would do">
      <div class="card-body stack-s">
        <p>
          Exported <Moment at={row.exportedAt} />, uploaded by {row.createdBy}.{' '}
          {row.isComplete
            ? 'It names everybody.'
            : 'It names some people: whoever is not in it stays as known.'}
        </p>
        <dl class="facts">
          {facts.map(([name, count]) => (
            <div>
              <dt>{name}</dt>
              <dd>{formatNumber(count)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Card>
  );
}

const SHOWN_MAX = 200;

function PeopleCard({
  title,
  people,
  children,
}: {
  readonly title: string;
  readonly people: readonly RecordedAgent[];
  readonly children?: Child;
}): Markup | null {
  if (people.length === 0) return null;
  return (
    <Card title={`${title} (${formatNumber(people.length)})`}>
      <p class="card-body quiet">{children}</p>
      <ul class="rows">
        {people.slice(0, SHOWN_MAX).map((agent) => (
          <li>
            <div class="grow">
              <span class="strong">{agent.email}</span>
              <p class="quiet small">{describe(agent)}</p>
            </div>
          </li>
        ))}
      </ul>
      <Rest count={people.length} />
    </Card>
  );
}

function ChangedCard({ preview: { merge } }: { readonly preview: ImportPreview }): Markup | null {
  if (merge.changed.length === 0) return null;
  return (
    <Card title={`Changed (${formatNumber(merge.changed.length)})`}>
      <ul class="rows">
        {merge.changed.slice(0, SHOWN_MAX).map(({ before, after }) => (
          <li>
            <div class="grow">
              <span class="strong">{after.email}</span>
              <p class="quiet small">{changedFields(before, after).join(', ')}</p>
              <p class="small">{`Before: ${describe(before)}`}</p>
              <p class="small">{`Now: ${describe(after)}`}</p>
            </div>
          </li>
        ))}
      </ul>
      <Rest count={merge.changed.length} />
    </Card>
  );
}

function Rest({ count }: { readonly count: number }): Markup | null {
  if (count <= SHOWN_MAX) return null;
  return <p class="card-body quiet">{`and ${formatNumber(count - SHOWN_MAX)} more`}</p>;
}

function StepsCard({ titles }: { readonly titles: readonly string[] }): Markup | null {
  if (titles.length === 0) return null;
  return (
    <Card title={`Steps that it shows to be done (${formatNumber(titles.length)})`}>
      <ul class="rows">
        {titles.slice(0, SHOWN_MAX).map((title) => (
          <li>{title}</li>
        ))}
      </ul>
      <Rest count={titles.length} />
    </Card>
  );
}

function describe(agent: RecordedAgent): string {
  const { role, status, numbers } = agent;
  return [
    combinedName(agent) || 'no name',
    role ?? 'single permissions that make no known role',
    ...(status === 'pending' ? ['invited'] : []),
    ...(numbers === null
      ? ['numbers not known']
      : numbers.length === 0
        ? ['no number']
        : numbers.map(({ number, kind }) => `${number} (${kind.replace('_', ' ')})`)),
  ].join(', ');
}

function DecisionCard({ context, account, preview }: PreviewShown): Markup {
  const { row, merge, digest } = preview;
  const address = paths.account(account.name, `/import/${row.id}`);
  const goes = merge.removed.length;
  return (
    <Card title="Decide">
      <div class="card-body stack-s">
        <PostForm action={`${address}/apply`} session={context.session} class="confirm">
          <input type="hidden" name="digest" value={digest} />
          {goes === 0 ? null : (
            <div class="field">
              <label for="removes">
                {`By this list ${goes === 1 ? 'one person is' : `${formatNumber(goes)} people are`} not there any more. Type that number to say that it is so.`}
              </label>
              <input id="removes" name="removes" inputmode="numeric" required autocomplete="off" />
            </div>
          )}
          <button class={goes === 0 ? 'button' : 'button danger'} type="submit">
            Import the list
          </button>
        </PostForm>
        <PostForm action={`${address}/discard`} session={context.session}>
          <button class="button plain" type="submit">
            Throw it away
          </button>
        </PostForm>
      </div>
    </Card>
  );
}
