import { z } from 'zod';
import type { AdoptionView } from '../../administration/adoption.js';
import type { OverviewView } from '../../administration/overview.js';
import { AppError } from '../../domain/errors.js';
import type { AccountPolicy } from '../../domain/plan.js';
import type { ProviderDefinition } from '../../providers/port.js';
import { archiveSecretSchema, type Account } from '../../tenancy/account.js';
import type { Accounts } from '../../tenancy/accounts.js';
import { param, queryText, type PageContext } from '../kit/context.js';
import type { FlashKey } from '../kit/flash.js';
import { assertTyped, formFields, readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { describeFields, readFields } from '../schema-form/fields.js';
import { AccountPage } from './account.js';
import { AdoptionPage, AGENTS_SHOWN } from './adoption.js';
import { SETTING_FIELDS } from './forms.js';
import { AccountsPage } from './list.js';
import { MatrixPage } from './matrix.js';
import { ChooseVendorPage, NewAccountPage } from './wizard.js';

export interface AccountsDeps {
  readonly overview: OverviewView;
  readonly adoption: AdoptionView;
  readonly accounts: Accounts;
  readonly providers: readonly ProviderDefinition[];
  /** Asks for a reconciliation of the whole account. */
  readonly lookAgain: (account: Account) => Promise<void>;
  readonly nudge: (tenantId: string) => void;
}

/** From the least to the most that may happen. */
const POLICY_ORDER = ['report-only', 'upsert-only', 'sync'] as const satisfies readonly AccountPolicy[];
const policyForm = z.object({ policy: z.enum(POLICY_ORDER), typed: z.string().default('') });
const pauseForm = z.object({ reason: z.string().trim().min(1, 'Say why.').max(300) });

export function addAccounts(pages: Pages, deps: AccountsDeps): void {
  pages.get('/accounts', 'read', async (context) => {
    const accounts = await deps.overview.accounts(context.session.tenantId);
    return page('Phone systems', <AccountsPage context={context} accounts={accounts} />);
  });
  pages.get('/accounts/capabilities', 'read', () =>
    Promise.resolve(page('What each phone system can do', <MatrixPage providers={deps.providers} />)),
  );
  pages.get('/accounts/new', 'accounts:write', async (context) => showWizard(deps, context));
  pages.post(
    '/accounts/new',
    'accounts:write',
    (context) => create(deps, context),
    async (context) => showWizard(deps, context),
  );
  pages.get('/accounts/:name', 'read', (context) => showAccount(deps, context));
  pages.get('/accounts/:name/adoption', 'read', (context) => showAdoption(deps, context));
  addChanges(pages, deps);
}

function addChanges(pages: Pages, deps: AccountsDeps): void {
  const change = (
    verb: string,
    flash: FlashKey,
    run: (account: Account, context: PageContext) => Promise<unknown>,
  ): void =>
    pages.post(
      `/accounts/:name/${verb}`,
      'accounts:write',
      async (context) => {
        const account = await deps.accounts.byName(context.session.tenantId, param(context, 'name'));
        await run(account, context);
        if (verb !== 'pause') await askAgain(deps, account);
        return redirect(paths.account(account.name), flash);
      },
      (context) => showAccount(deps, context),
    );
  change('policy', 'policy-changed', (account, context) => changePolicy(deps, account, context));
  change('pause', 'account-paused', (account, { request, actor }) =>
    deps.accounts.setPaused(account, readForm(request, pauseForm).reason, actor),
  );
  change('resume', 'account-resumed', (account, { actor }) => deps.accounts.setPaused(account, null, actor));
  change('reconcile', 'reconcile-asked', () => Promise.resolve());
  change('settings', 'settings-saved', (account, { request, actor }) =>
    deps.accounts.setSettings(account, readFields(SETTING_FIELDS, formFields(request), 'settings'), actor),
  );
  change('config', 'settings-saved', (account, { request, actor }) => {
    const fields = describeFields(definitionOf(deps, account.provider).configSchema);
    return deps.accounts.setConfig(account, readFields(fields, formFields(request), 'config'), actor);
  });
  change('archive-credential', 'archive-credential-replaced', (account, { request, actor }) =>
    deps.accounts.setArchiveSecrets(
      account,
      readFields(describeFields(archiveSecretSchema), formFields(request), 'archive'),
      actor,
    ),
  );
  change('credential', 'credential-replaced', (account, { request, actor }) => {
    const fields = describeFields(definitionOf(deps, account.provider).secretSchema);
    return deps.accounts.setSecrets(account, readFields(fields, formFields(request), 'secret'), actor);
  });
}

/** Allowing more is typed to confirm; allowing less is always at once. */
async function changePolicy(
  deps: AccountsDeps,
  account: Account,
  { request, actor }: PageContext,
): Promise<void> {
  const { policy, typed } = readForm(request, policyForm);
  const allowsMore = POLICY_ORDER.indexOf(policy) > POLICY_ORDER.indexOf(account.policy);
  if (allowsMore) assertTyped(typed, account.name);
  await deps.accounts.setPolicy(account, policy, actor);
}

async function askAgain(deps: AccountsDeps, account: Account): Promise<void> {
  await deps.lookAgain(account);
  deps.nudge(account.tenantId);
}

async function create(deps: AccountsDeps, { session, actor, request }: PageContext): Promise<Result> {
  const sent = formFields(request);
  const definition = definitionOf(deps, sent['provider'] ?? '');
  const { account } = await deps.accounts.create({
    tenantId: session.tenantId,
    name: (sent['name'] ?? '').trim(),
    provider: definition.id,
    config: readFields(describeFields(definition.configSchema), sent, 'config'),
    secrets: readFields(describeFields(definition.secretSchema), sent, 'secret'),
    validate: true,
    actor,
  });
  deps.nudge(account.tenantId);
  return redirect(paths.account(account.name), 'account-created');
}

function showWizard(deps: AccountsDeps, context: PageContext): Result {
  const chosen = formFields(context.request)['provider'] ?? queryText(context, 'provider');
  if (chosen === '') return page('Connect a phone system', <ChooseVendorPage providers={deps.providers} />);
  const definition = definitionOf(deps, chosen);
  return page(
    `Connect ${definition.displayName}`,
    <NewAccountPage context={context} definition={definition} />,
  );
}

async function showAccount(deps: AccountsDeps, context: PageContext): Promise<Result> {
  const { tenantId } = context.session;
  const account = await deps.accounts.byName(tenantId, param(context, 'name'));
  const status = await deps.overview.account(tenantId, account.name);
  if (status === null) throw new AppError('notFound', 'This phone system is not connected any more.');
  const definition = definitionOf(deps, account.provider);
  return page(account.name, <AccountPage {...{ context, account, status, definition }} />);
}

async function showAdoption(deps: AccountsDeps, context: PageContext): Promise<Result> {
  const { tenantId } = context.session;
  const account = await deps.accounts.byName(tenantId, param(context, 'name'));
  const adoption = await deps.adoption.find(tenantId, account.id, AGENTS_SHOWN);
  const title = `Existing agents of ${account.name}`;
  return page(title, <AdoptionPage {...{ account, adoption, now: context.now }} />);
}

function definitionOf({ providers }: AccountsDeps, id: string): ProviderDefinition {
  const definition = providers.find((provider) => provider.id === id);
  if (definition !== undefined) return definition;
  throw new AppError('notFound', 'There is no such vendor.');
}
