import type { LeaverQuery, LeaverRow } from '../../administration/leavers.js';
import type { Page } from '../../administration/page.js';
import type { TaskRow } from '../../administration/worklist.js';
import { listEntitlements } from '../../domain/entitlement.js';
import { can, type PageContext } from '../kit/context.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead, Pager } from '../parts/blocks.js';
import { AccountSelect } from '../parts/account-select.js';
import { PostForm } from '../parts/post-form.js';
import { LeaverLine } from '../parts/leaver-line.js';
import { entitlementWords } from '../parts/words.js';
import { paths } from '../paths.js';
import { StillInside } from './still-inside.js';
import { LeaverTabs } from './tabs.js';

export interface LeaversListed {
  readonly context: PageContext;
  readonly view: LeaverQuery['view'];
  readonly account: string | null;
  readonly accounts: readonly { readonly name: string }[];
  readonly after: string | null;
  readonly page: Page<LeaverRow>;
  /** Who should be parked and is not: nobody has done it yet. */
  readonly stillInside: readonly TaskRow[];
}

/** Who is on the way out, with the countdown; and who is gone. */
export function LeaversPage({ page, stillInside, ...listed }: LeaversListed): Markup {
  const { context, view, account, accounts, after } = listed;
  const { now } = context;
  const query = { view: view === 'leaving' ? null : view, account };
  return (
    <div>
      <PageHead
        title="Leavers"
        lead="Who leaves is parked at once: everything is taken. The permanent deletion follows after the grace period, and until then everything can be given back."
      />
      <LeaverTabs current={view} account={account} mayReadAudit={can(context, 'audit:read')} />
      <StillInside context={context} tasks={stillInside} />
      <Card>
        {accounts.length < 2 ? null : (
          <form class="toolbar" method="get" action={paths.leavers()}>
            <input type="hidden" name="view" value={view} />
            <AccountSelect accounts={accounts} selected={account} />
            <button class="button plain" type="submit">
              Show
            </button>
          </form>
        )}
        {page.rows.length === 0 ? (
          <Nobody view={view} />
        ) : (
          <ul class="rows">
            {page.rows.map((leaver) => (
              <LeaverLine leaver={leaver} now={now}>
                <HeldAtPark leaver={leaver} />
              </LeaverLine>
            ))}
          </ul>
        )}
        <Pager
          first={after === null ? null : paths.leavers(query)}
          next={page.next === null ? null : paths.leavers({ ...query, after: page.next })}
        />
      </Card>
      <WaitingForApproval context={context} rows={page.rows} />
      {view === 'leaving' && page.rows.length > 0 ? (
        <p class="quiet small note">
          To restore somebody, reactivate or reassign them in the identity provider: they get back what the
          rules still grant.
        </p>
      ) : null}
    </div>
  );
}

/** Several at once, each ticked by hand: an approval is for what was seen, never for "all". */
function WaitingForApproval({
  context,
  rows,
}: {
  readonly context: PageContext;
  readonly rows: readonly LeaverRow[];
}): Markup | null {
  const waiting = rows.filter(({ approval }) => approval !== null);
  if (waiting.length === 0 || !can(context, 'leavers:decide')) return null;
  return (
    <Card title="Waiting for approval">
      <PostForm action={paths.leavers({}, '/approve')} session={context.session} class="card-body stack">
        {waiting.map(({ approval, displayName, account, holdReason }) => (
          <label class="check">
            <input
              type="checkbox"
              name={`approve.${approval?.planId ?? ''}`}
              value={approval?.digest ?? ''}
            />
            <span>
              Delete {displayName} from {account} for good <span class="quiet small">{holdReason}</span>
            </span>
          </label>
        ))}
        <div>
          <button class="button danger" type="submit">
            Approve the ticked deletions
          </button>
        </div>
      </PostForm>
    </Card>
  );
}

function HeldAtPark({ leaver: { held } }: { readonly leaver: LeaverRow }): Markup | null {
  const entitlements = held === null ? [] : listEntitlements(held);
  if (entitlements.length === 0) return null;
  return (
    <details class="small">
      <summary>Held before</summary>
      <span class="row">
        {entitlements.map((one) => (
          <Badge>{entitlementWords(one)}</Badge>
        ))}
      </span>
    </details>
  );
}

function Nobody({ view }: { readonly view: LeaverQuery['view'] }): Markup {
  if (view === 'deleted') {
    return (
      <Empty title="Nobody was deleted for good yet">
        <p>
          When a grace period ends and no guard objects, the person is deleted at the vendor and listed here.
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="Nobody is on the way out">
      <p>
        Deactivate somebody in the identity provider, or take them out of every mapped group: they are parked
        within seconds.
      </p>
    </Empty>
  );
}
