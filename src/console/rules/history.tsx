import type { RuleSetVersion } from '../../rules/rules.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago, formatCount } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';
import { RuleTabs } from '../people/groups.js';
import { diffLines } from './diff.js';
import { CheckedView, type Checked } from './editor.js';
import { RuleList } from './rule-list.js';

export function HistoryPage({
  versions,
  now,
}: {
  readonly versions: readonly RuleSetVersion[];
  readonly now: Date;
}): Markup {
  return (
    <div>
      <PageHead
        title="Groups and rules"
        lead="Every version that was ever saved. None is changed, only followed by others."
      />
      <RuleTabs current="history" />
      <Card>
        {versions.length === 0 ? (
          <Empty title="No rules yet" />
        ) : (
          <ul class="rows">
            {versions.map((one, index) => (
              <li>
                <div class="grow">
                  <a class="cover" href={paths.rules(`/versions/${String(one.version)}`)}>
                    Version {one.version}
                  </a>
                  <p class="quiet small">
                    <Ago at={one.createdAt} now={now} /> · {one.createdBy}
                    {one.note === null ? '' : ` · ${one.note}`}
                  </p>
                </div>
                <span class="end">
                  {index === 0 ? <Badge tone="good">In force</Badge> : null}
                  <span class="quiet small">{formatCount(one.ruleSet.rules.length, 'rule', 'rules')}</span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </div>
  );
}

/** One version beside the one in force, and the way back to it. */
export function VersionPage({
  context,
  version,
  current,
  checked,
}: {
  readonly context: PageContext;
  readonly version: RuleSetVersion;
  readonly current: RuleSetVersion;
  readonly checked: Checked | null;
}): Markup {
  const isCurrent = version.version === current.version;
  return (
    <div>
      <PageHead
        title={`Rules, version ${String(version.version)}`}
        lead={version.note ?? undefined}
        crumbs={{ href: paths.rules('/history'), label: 'History' }}
      >
        {isCurrent ? <Badge tone="good">In force</Badge> : null}
        {!isCurrent && can(context, 'rules:write') ? (
          <GoBack context={context} version={version} checked={checked} />
        ) : null}
      </PageHead>
      <div class="stack">
        {checked === null ? null : <CheckedView checked={checked} />}
        {isCurrent ? null : <Difference from={version} to={current} />}
        <RuleList ruleSet={version.ruleSet} />
        <Card title="As written">
          <div class="card-body">
            <pre tabindex="0">{version.source}</pre>
          </div>
        </Card>
      </div>
    </div>
  );
}

/** Its impact first; a version that takes something is saved at the second word only. */
function GoBack({
  context: { session },
  version: { version },
  checked,
}: {
  readonly context: PageContext;
  readonly version: RuleSetVersion;
  readonly checked: Checked | null;
}): Markup {
  const at = paths.rules(`/versions/${String(version)}`);
  const isHeld = checked?.type === 'fine' && checked.isHeld;
  return (
    <PostForm action={`${at}/rollback`} session={session} class="row">
      <button class="button plain" type="submit" formaction={`${at}/check`}>
        Show the impact
      </button>
      {isHeld ? (
        <button class="button danger" type="submit" name="losses" value="skip">
          Make it the newest all the same
        </button>
      ) : (
        <button class="button" type="submit">
          Make it the newest again
        </button>
      )}
    </PostForm>
  );
}

const MARKS = { added: '+ ', removed: '- ', same: '  ' } as const;

function Difference({ from, to }: { readonly from: RuleSetVersion; readonly to: RuleSetVersion }): Markup {
  return (
    <Card title={`What the version in force (${String(to.version)}) does differently`}>
      <div class="diff card-body" role="region" aria-label="Difference" tabindex="0">
        {diffLines(from.source, to.source).map(({ kind, line }) => (
          <span class={kind === 'same' ? undefined : kind}>{`${MARKS[kind]}${line}`}</span>
        ))}
      </div>
    </Card>
  );
}
