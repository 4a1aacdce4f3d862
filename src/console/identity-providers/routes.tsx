import { AppError } from '../../domain/errors.js';
import { IDP_KINDS, type IdpDefinition, type IdpFacts } from '../../report/idp-port.js';
import { isUuid } from '../../lib/ids.js';
import type { AskComparison } from '../../report/comparisons/ask.js';
import { idpSource } from '../../report/missed-pushes/compare.js';
import type { IdpSource } from '../../report/missed-pushes/source.js';
import type { IdpSources } from '../../report/missed-pushes/sources.js';
import { param, queryText, type PageContext } from '../kit/context.js';
import type { FlashKey } from '../kit/flash.js';
import { assertTyped, formFields } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { readFields } from '../schema-form/fields.js';
import { ConnectionPage, NewConnectionPage } from './connection.js';
import { ChooseKindPage, IdentityProvidersPage, type Definitions } from './list.js';
import { configFields, secretFields, SETTING_FIELDS } from './words.js';

export interface IdentityProvidersDeps {
  readonly idpSources: IdpSources;
  readonly idpDefinitions: Definitions;
  readonly askComparison: AskComparison;
  readonly nudge: (tenantId: string) => void;
}

/** Connections to identity providers' own lists: made, tried, changed, compared, removed. */
export function addIdentityProviders(pages: Pages, deps: IdentityProvidersDeps): void {
  const { idpSources, idpDefinitions } = deps;
  pages.get('/identity-providers', 'read', async (context) => {
    const sources = await idpSources.list(context.session.tenantId);
    const shown = { context, sources, definitions: idpDefinitions };
    return page('Identity providers', <IdentityProvidersPage {...shown} />);
  });
  const showNew = (context: PageContext) => Promise.resolve(showWizard(deps, context));
  pages.get('/identity-providers/new', 'accounts:write', showNew);
  pages.post('/identity-providers/new', 'accounts:write', (context) => create(deps, context), showNew);
  pages.get('/identity-providers/:idp', 'read', (context) => show(deps, context));
  addChanges(pages, deps);
}

function addChanges(pages: Pages, deps: IdentityProvidersDeps): void {
  const { idpSources } = deps;
  const change = (
    verb: string,
    flash: FlashKey,
    run: (source: IdpSource, context: PageContext) => Promise<unknown>,
  ): void =>
    pages.post(
      `/identity-providers/:idp/${verb}`,
      verb === 'compare' ? 'findings:decide' : 'accounts:write',
      async (context) => {
        const source = await sourceOf(deps, context);
        await run(source, context);
        if (verb === 'remove') return redirect(paths.identityProviders(), flash);
        await compareAgain(deps, source);
        return redirect(paths.identityProvider(source.id), flash);
      },
      (context) => show(deps, context),
    );
  change('compare', 'comparison-asked', () => Promise.resolve());
  change('settings', 'idp-saved', (source, { request, actor }) =>
    idpSources.setSettings(source, readFields(SETTING_FIELDS, formFields(request), 'settings'), actor),
  );
  change('config', 'idp-saved', (source, { request, actor }) => {
    const fields = configFields(definitionOf(deps, source.kind));
    return idpSources.setConfig(source, readFields(fields, formFields(request), 'config'), actor);
  });
  change('credential', 'credential-replaced', (source, { request, actor }) => {
    const fields = secretFields(definitionOf(deps, source.kind));
    return idpSources.setSecrets(source, readFields(fields, formFields(request), 'secret'), actor);
  });
  change('remove', 'idp-removed', (source, { request, actor }) => {
    assertTyped(formFields(request)['typed'] ?? '', source.name);
    return idpSources.remove(source, actor);
  });
  pages.post(
    '/identity-providers/:idp/test',
    'accounts:write',
    async (context) => show(deps, context, await idpSources.test(await sourceOf(deps, context))),
    (context) => show(deps, context),
  );
}

async function sourceOf({ idpSources }: IdentityProvidersDeps, context: PageContext): Promise<IdpSource> {
  const id = param(context, 'idp');
  if (!isUuid(id)) throw new AppError('notFound', 'There is no such connection to an identity provider.');
  return idpSources.get(context.session.tenantId, id);
}

async function show(
  deps: IdentityProvidersDeps,
  context: PageContext,
  tried: IdpFacts | null = null,
): Promise<Result> {
  const source = await sourceOf(deps, context);
  const definition = definitionOf(deps, source.kind);
  return page(source.name, <ConnectionPage {...{ context, source, definition, tried }} />);
}

async function create(
  deps: IdentityProvidersDeps,
  { session, actor, request }: PageContext,
): Promise<Result> {
  const sent = formFields(request);
  const definition = definitionOf(deps, sent['kind'] ?? '');
  const { source } = await deps.idpSources.create({
    tenantId: session.tenantId,
    name: sent['name'] ?? '',
    kind: definition.kind,
    config: readFields(configFields(definition), sent, 'config'),
    secrets: readFields(secretFields(definition), sent, 'secret'),
    settings: readFields(SETTING_FIELDS, sent, 'settings'),
    actor,
  });
  await compareAgain(deps, source);
  return redirect(paths.identityProvider(source.id), 'idp-connected');
}

async function compareAgain(
  { askComparison, nudge }: IdentityProvidersDeps,
  source: IdpSource,
): Promise<void> {
  await askComparison(idpSource(source));
  nudge(source.tenantId);
}

function showWizard(deps: IdentityProvidersDeps, context: PageContext): Result {
  const chosen = formFields(context.request)['kind'] ?? queryText(context, 'kind');
  if (chosen === '') {
    return page('Connect an identity provider', <ChooseKindPage definitions={deps.idpDefinitions} />);
  }
  const definition = definitionOf(deps, chosen);
  return page(
    `Connect ${definition.displayName}`,
    <NewConnectionPage context={context} definition={definition} />,
  );
}

function definitionOf({ idpDefinitions }: IdentityProvidersDeps, kind: string): IdpDefinition {
  const known = IDP_KINDS.find((one) => one === kind);
  if (known !== undefined) return idpDefinitions[known];
  throw new AppError('notFound', 'Patchbay reads no identity provider of that kind.');
}
