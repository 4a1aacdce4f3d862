import type { ChainCheck } from '../../administration/audit-chain.js';
import type { PageContext } from '../kit/context.js';
import { Ago, formatCount } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';

/** Whether the trail is as it was written, as of the last time the whole chain was computed. */
export function ChainCard({
  context,
  check,
}: {
  readonly context: PageContext;
  readonly check: ChainCheck | null;
}): Markup {
  return (
    <Card title="Hash chain" aside={<Verdict check={check} />}>
      <div class="card-body row spread">
        <p class="quiet small grow">
          <Words check={check} context={context} />
        </p>
        <PostForm action={paths.auditCheck()} session={context.session}>
          <button class="button plain small" type="submit">
            Check the chain now
          </button>
        </PostForm>
      </div>
    </Card>
  );
}

function Verdict({ check }: { readonly check: ChainCheck | null }): Markup {
  if (check === null) return <Badge>Not checked yet</Badge>;
  return check.verdict.type === 'intact' ? (
    <Badge tone="good">Intact</Badge>
  ) : (
    <Badge tone="bad">Broken</Badge>
  );
}

function Words({
  check,
  context: { now },
}: {
  readonly check: ChainCheck | null;
  readonly context: PageContext;
}): Markup {
  if (check === null) {
    return (
      <span>
        Every event is sealed with the hash of the one before it. The whole chain is computed anew once a day.
      </span>
    );
  }
  const { verdict, checkedAt } = check;
  if (verdict.type === 'broken') {
    return (
      <span>
        Checked <Ago at={checkedAt} now={now} />: event {String(verdict.chainNo)} of the chain{' '}
        {verdict.problem === 'missing' ? 'is missing' : 'is not as it was written'}. Somebody changed the
        database past Patchbay: compare it with a backup from before.
      </span>
    );
  }
  return (
    <span>
      Checked <Ago at={checkedAt} now={now} />: {formatCount(verdict.events, 'event is', 'events are')} as
      written. Keep the head elsewhere to show later that none was cut off: <code>{verdict.head}</code>
    </span>
  );
}
