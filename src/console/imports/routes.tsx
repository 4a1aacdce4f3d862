import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import type { Imports } from '../../manual/imports.js';
import type { ProviderDefinition } from '../../providers/port.js';
import type { Account } from '../../tenancy/account.js';
import type { Accounts } from '../../tenancy/accounts.js';
import { param, type PageContext } from '../kit/context.js';
import { readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { PreviewPage } from './preview.js';
import { UploadPage } from './upload.js';

export interface ImportsDeps {
  readonly accounts: Pick<Accounts, 'byName'>;
  readonly imports: Imports;
  readonly providers: readonly ProviderDefinition[];
}

const uploadForm = z.object({
  list: z.string(),
  'list.name': z.string().default('list.csv'),
  complete: z.string().optional(),
  /** As `datetime-local` sends it; in UTC, as everything on these pages. */
  exportedAt: z
    .string()
    .regex(/^(\d{4}-\d\d-\d\dT\d\d:\d\d)?$/, 'Give the day and time of the export.')
    .default(''),
});
const applyForm = z.object({
  digest: z.string(),
  removes: z.coerce.number().int().min(0).default(0),
});

/** Member lists of phone systems without an API: uploaded, looked at, applied. */
export function addImports(pages: Pages, deps: ImportsDeps): void {
  const show = (context: PageContext): Promise<Result> => showUpload(deps, context);
  pages.get('/accounts/:name/import', 'read', show);
  pages.post('/accounts/:name/import', 'accounts:write', (context) => upload(deps, context), show);
  pages.get('/accounts/:name/import/:id', 'read', (context) => showPreview(deps, context));
  pages.post(
    '/accounts/:name/import/:id/apply',
    'accounts:write',
    async (context) => {
      const account = await accountOf(deps, context);
      const { digest, removes } = readForm(context.request, applyForm);
      await deps.imports.apply({
        account,
        importId: param(context, 'id'),
        digest,
        removes,
        actor: context.actor,
      });
      return redirect(paths.account(account.name, '/import'), 'import-applied');
    },
    (context) => showPreview(deps, context),
  );
  pages.post('/accounts/:name/import/:id/discard', 'accounts:write', async (context) => {
    const account = await accountOf(deps, context);
    await deps.imports.discard({ account, importId: param(context, 'id'), actor: context.actor });
    return redirect(paths.account(account.name, '/import'), 'import-discarded');
  });
}

async function accountOf({ accounts, providers }: ImportsDeps, context: PageContext): Promise<Account> {
  const account = await accounts.byName(context.session.tenantId, param(context, 'name'));
  const definition = providers.find(({ id }) => id === account.provider);
  if (definition?.readExport !== undefined) return account;
  throw new AppError('notFound', 'This phone system is read through its API: there is nothing to import.');
}

async function showUpload(deps: ImportsDeps, context: PageContext): Promise<Result> {
  const account = await accountOf(deps, context);
  const [recent, record] = await Promise.all([deps.imports.recent(account), deps.imports.record(account)]);
  const shown = { context, account, recent, record };
  return page('Import a member list', <UploadPage {...shown} />);
}

async function upload(deps: ImportsDeps, context: PageContext): Promise<Result> {
  const account = await accountOf(deps, context);
  const form = readForm(context.request, uploadForm);
  if (form.list === '') throw new AppError('invalid', 'Choose the file with the list. Nothing was imported.');
  const { row } = await deps.imports.preview({
    account,
    fileName: form['list.name'],
    text: form.list,
    isComplete: form.complete === 'yes',
    exportedAt: form.exportedAt === '' ? null : new Date(`${form.exportedAt}:00Z`),
    actor: context.actor,
  });
  return redirect(paths.account(account.name, `/import/${row.id}`));
}

async function showPreview(deps: ImportsDeps, context: PageContext): Promise<Result> {
  const account = await accountOf(deps, context);
  const preview = await deps.imports.show(account, param(context, 'id'));
  return page('Look at the import', <PreviewPage context={context} account={account} preview={preview} />);
}
