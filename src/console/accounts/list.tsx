import type { AccountStatus } from '../../administration/accounts.js';
import { AccountCard } from '../home/account-card.js';
import { can, type PageContext } from '../kit/context.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, Empty, PageHead } from '../parts/blocks.js';
import { paths } from '../paths.js';

export function AccountsPage({
  context,
  accounts,
}: {
  readonly context: PageContext;
  readonly accounts: readonly AccountStatus[];
}): Markup {
  const canWrite = can(context, 'accounts:write');
  return (
    <div>
      <PageHead title="Phone systems" lead="Every account at a vendor that Patchbay provisions, or would.">
        <a href={paths.account('capabilities')}>What each can do</a>
        {canWrite && accounts.length > 0 ? (
          <a class="button" href={paths.newAccount()}>
            Connect another
          </a>
        ) : null}
      </PageHead>
      {accounts.length === 0 ? (
        <Card>
          <Empty title="No phone system yet">
            <p>
              Connect one with its API credential. It starts in report-only: you see what would change, and
              nothing is.
            </p>
            {canWrite ? (
              <a class="button" href={paths.newAccount()}>
                Connect a phone system
              </a>
            ) : null}
          </Empty>
        </Card>
      ) : (
        <div class="columns cards">
          <h2 class="hidden">Every account</h2>
          {accounts.map((account) => (
            <AccountCard account={account} now={context.now} />
          ))}
        </div>
      )}
    </div>
  );
}
