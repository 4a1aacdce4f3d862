import type { AccountPolicy } from '../../domain/plan.js';
import { accountWarnings } from '../../tenancy/account.js';
import { AccountState } from '../home/account-card.js';
import { can } from '../kit/context.js';
import { Ago, formatCount, formatNumber } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { POLICY_WORDS } from '../parts/words.js';
import { paths } from '../paths.js';
import { ArchiveCredentialCard, CredentialCard, SettingsCard, VendorSettingsCard } from './forms.js';
import type { AccountShown } from './shown.js';

/** One phone system: how it is doing, what Patchbay may do there, its settings and its credential. */
export function AccountPage(shown: AccountShown): Markup {
  const { context, account, status, definition } = shown;
  const canWrite = can(context, 'accounts:write');
  return (
    <div>
      <PageHead
        title={account.name}
        lead={definition.displayName}
        crumbs={{ href: paths.accounts(), label: 'Phone systems' }}
      >
        <Badge tone={POLICY_WORDS[account.policy].tone}>{POLICY_WORDS[account.policy].label}</Badge>
        {canWrite ? <ReconcileButton {...shown} /> : null}
      </PageHead>
      <div class="stack">
        <StateCard {...shown} />
        {definition.readExport === undefined ? null : <ByHandCard account={account} />}
        {canWrite ? <PolicyCard {...shown} /> : null}
        {canWrite ? <SettingsCard {...shown} /> : null}
        {canWrite ? <VendorSettingsCard {...shown} /> : null}
        {canWrite ? <ArchiveCredentialCard {...shown} /> : null}
        {canWrite && definition.capabilities.writes === 'api' ? <CredentialCard {...shown} /> : null}
        <p class="row">
          <a href={paths.account(status.name, '/adoption')}>Its existing agents</a>
          <a href={paths.plans({ account: status.name })}>Its plans</a>
          <a href={paths.leavers({ account: status.name })}>Its leavers</a>
          <a href={paths.worklist({ account: status.name })}>Its tasks</a>
        </p>
      </div>
    </div>
  );
}

function ByHandCard({ account }: Pick<AccountShown, 'account'>): Markup {
  return (
    <Card title="Kept by hand">
      <div class="card-body stack-s">
        <p>
          This phone system has no API. Whatever has to change becomes a checklist on the worklist, and counts
          as done when somebody confirms it or an imported member list shows it.
        </p>
        <p class="row">
          <a class="button" href={paths.account(account.name, '/import')}>
            Import a member list
          </a>
          <a class="button plain" href={paths.worklist({ account: account.name })}>
            Its checklists
          </a>
        </p>
      </div>
    </Card>
  );
}

function ReconcileButton({ context, account }: AccountShown): Markup {
  return (
    <PostForm action={paths.account(account.name, '/reconcile')} session={context.session}>
      <button class="button plain" type="submit">
        Reconcile now
      </button>
    </PostForm>
  );
}

function StateCard({ context, account, status }: AccountShown): Markup {
  const { queue } = status;
  return (
    <Card title="How it is doing" aside={<AccountState account={status} now={context.now} />}>
      <div class="card-body stack">
        {account.pausedReason === null ? null : <p class="notice bad">{account.pausedReason}</p>}
        {accountWarnings(account).map((warning) => (
          <p class="notice warn">{warning}</p>
        ))}
        <dl class="facts">
          <Fact name="Agents" value={formatNumber(status.agents.active)} />
          <Fact name="Parked" value={formatNumber(status.agents.parked)} />
          <Fact name="Waiting" value={formatNumber(queue.waiting)} />
          <Fact name="Held for approval" value={formatNumber(queue.held)} />
          <Fact name="Last try failed" value={formatNumber(queue.failing)} />
        </dl>
        {queue.oldestAt === null ? null : (
          <p class="quiet">
            The oldest waiting change is from <Ago at={queue.oldestAt} now={context.now} />,{' '}
            {formatCount(queue.urgent, 'is urgent', 'are urgent')}.
          </p>
        )}
        {can(context, 'accounts:write') ? <PauseForm context={context} account={account} /> : null}
      </div>
    </Card>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): Markup {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function PauseForm({ context, account }: Pick<AccountShown, 'context' | 'account'>): Markup {
  if (account.state === 'paused') {
    return (
      <PostForm action={paths.account(account.name, '/resume')} session={context.session}>
        <button class="button" type="submit">
          Resume
        </button>
      </PostForm>
    );
  }
  return (
    <details>
      <summary>Pause this account</summary>
      <PostForm action={paths.account(account.name, '/pause')} session={context.session} class="confirm">
        <div class="field">
          <label for="reason">Why, for whoever wonders</label>
          <input id="reason" name="reason" required maxlength="300" autocomplete="off" />
        </div>
        <button class="button plain" type="submit">
          Pause: no call to the vendor
        </button>
      </PostForm>
    </details>
  );
}

const POLICIES = Object.keys(POLICY_WORDS) as readonly AccountPolicy[];

function PolicyCard({ context, account }: AccountShown): Markup {
  return (
    <Card title="What Patchbay may do here">
      {account.policy !== 'report-only' ? null : (
        <p class="notice">
          Nothing is changed here yet. Before you allow more, look at{' '}
          <a href={paths.account(account.name, '/adoption')}>whose the existing agents are</a> and at{' '}
          <a href={paths.plans({ account: account.name })}>what would change</a>.
        </p>
      )}
      <PostForm
        action={paths.account(account.name, '/policy')}
        session={context.session}
        class="card-body stack-s"
      >
        {POLICIES.map((policy) => (
          <label class="choice">
            <input type="radio" name="policy" value={policy} checked={policy === account.policy} />
            <span>
              <span class="strong">{POLICY_WORDS[policy].label}</span>
              <br />
              <span class="quiet small">{POLICY_WORDS[policy].meaning}</span>
            </span>
          </label>
        ))}
        <div class="confirm">
          <div class="field">
            <label for="policy-typed">
              To allow more than before, type the account’s name: <code>{account.name}</code>
            </label>
            <input id="policy-typed" name="typed" autocomplete="off" />
          </div>
          <button class="button" type="submit">
            Change the policy
          </button>
        </div>
      </PostForm>
    </Card>
  );
}
