import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import { IDP_KINDS } from '../../sso/connection.js';
import type { Connections, TenantRef } from '../../sso/connections.js';
import { IDP_WORDS } from '../../sso/idp-words.js';
import { otherRules, toRoleRules } from '../../sso/setup/role-groups.js';
import type { Traces } from '../../sso/traces.js';
import { param, queryText, type PageContext } from '../kit/context.js';
import { assertTyped, formFields, readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { readIdpSourceFields } from '../parts/idp-source-fields.js';
import { readAttributeFields, readRoleFields } from '../parts/role-fields.js';
import { paths } from '../paths.js';
import { ConnectionPage } from './connection.js';
import { JIT_CHOICES, SWITCH_NAMES } from './forms.js';
import { NewConnectionPage } from './new.js';
import { TracePage, TracesPage } from './traces.js';

export interface SsoDeps {
  readonly connections: Connections;
  readonly traces: Pick<Traces, 'recent' | 'byFriendlyId'>;
}

export function addSso(pages: Pages, deps: SsoDeps): void {
  const { connections } = deps;
  const showNew = (context: PageContext) =>
    Promise.resolve(page('Add a connection', <NewConnectionPage context={context} />));
  pages.get('/sso/new', 'sso:write', showNew);
  pages.post('/sso/new', 'sso:write', (context) => create(connections, context), showNew);
  pages.get('/sso/connections/:name', 'access:read', (context) => show(deps, context));
  pages.get('/sso/traces', 'access:read', (context) => showTraces(deps, context));
  pages.get('/sso/traces/:code', 'access:read', async (context) => {
    const trace = await deps.traces.byFriendlyId(context.session.tenantId, param(context, 'code'));
    return page(trace.friendlyId, <TracePage trace={trace} now={context.now} />);
  });
  const change = (verb: string, work: Change) =>
    pages.post(
      `/sso/connections/:name/${verb}`,
      'sso:write',
      (context) => work(connections, tenantOf(context), param(context, 'name'), context),
      (context) => show(deps, context),
    );
  change('idp', replaceIdp);
  change('roles', saveRoles);
  change('settings', saveSettings);
  change('state', changeState);
  change('refresh', refresh);
  change('remove', remove);
}

type Change = (
  connections: Connections,
  tenant: TenantRef,
  name: string,
  context: PageContext,
) => Promise<Result>;

function tenantOf({ session }: PageContext): TenantRef {
  return { id: session.tenantId, slug: session.tenantSlug };
}

async function show({ connections, traces }: SsoDeps, context: PageContext): Promise<Result> {
  const connection = await connections.view(tenantOf(context), param(context, 'name'));
  const recent = await traces.recent(context.session.tenantId, connection.id);
  const code = queryText(context, 'trace');
  const tested = recent.find(({ friendlyId }) => friendlyId === code) ?? null;
  return page(connection.label, <ConnectionPage {...{ context, connection, traces: recent, tested }} />);
}

async function showTraces({ traces }: SsoDeps, context: PageContext): Promise<Result> {
  const code = queryText(context, 'code');
  if (code.trim() !== '') {
    const { friendlyId } = await traces.byFriendlyId(context.session.tenantId, code);
    return redirect(paths.sso(`/traces/${encodeURIComponent(friendlyId)}`));
  }
  const recent = await traces.recent(context.session.tenantId);
  return page('Refused sign-ins', <TracesPage context={context} traces={recent} code={code} />);
}

const newForm = z.object({
  name: z.string().trim().min(1, 'Give it a name.').max(40),
  idpKind: z.enum(IDP_KINDS),
});

async function create(connections: Connections, context: PageContext): Promise<Result> {
  const { name, idpKind } = readForm(context.request, newForm);
  const source = readIdpSourceFields(formFields(context.request));
  await connections.create({
    tenant: tenantOf(context),
    name,
    idpKind,
    actor: context.actor,
    ...(idpKind === 'generic' ? {} : { label: IDP_WORDS[idpKind].name }),
    ...(source === null ? {} : { source }),
  });
  return redirect(paths.ssoConnection(name), 'sso-created');
}

const replaceIdp: Change = async (connections, tenant, name, context) => {
  const source = readIdpSourceFields(formFields(context.request));
  if (source === null) {
    throw new AppError('invalid', 'Paste the address of the metadata, or the metadata itself.');
  }
  await connections.setIdp(tenant, name, source, context.actor);
  return redirect(paths.ssoConnection(name), 'sso-saved');
};

const saveRoles: Change = async (connections, tenant, name, context) => {
  const fields = formFields(context.request);
  const { settings } = await connections.view(tenant, name);
  const patch = {
    roleRules: [...toRoleRules(readRoleFields(fields)), ...otherRules(settings.roleRules)],
    attributes: { ...settings.attributes, ...readAttributeFields(fields) },
  };
  await connections.setSettings(tenant, name, patch, context.actor);
  return redirect(paths.ssoConnection(name), 'sso-saved');
};

const settingsForm = z.object({
  label: z.string(),
  jit: z.enum(JIT_CHOICES),
  jitDays: z.string().regex(/^\d{1,3}$/, 'Give whole days from 1 to 365.'),
});

const saveSettings: Change = async (connections, tenant, name, context) => {
  const { label, jit, jitDays } = readForm(context.request, settingsForm);
  const sent = formFields(context.request);
  const switches = Object.fromEntries(SWITCH_NAMES.map((one) => [one, sent[one] === 'yes']));
  await connections.setSettings(tenant, name, { jit, jitDays: Number(jitDays), ...switches }, context.actor);
  await connections.describe(tenant, name, { label }, context.actor);
  return redirect(paths.ssoConnection(name), 'sso-saved');
};

const stateForm = z.object({ state: z.enum(['active', 'disabled']), typed: z.string().default('') });

const changeState: Change = async (connections, tenant, name, context) => {
  const { state, typed } = readForm(context.request, stateForm);
  if (state === 'disabled') assertTyped(typed, name);
  await connections.setState(tenant, name, state, context.actor);
  return redirect(paths.ssoConnection(name), state === 'active' ? 'sso-on' : 'sso-off');
};

const refresh: Change = async (connections, tenant, name, { actor }) => {
  await connections.refreshMetadata(tenant, name, actor);
  return redirect(paths.ssoConnection(name), 'sso-refreshed');
};

const remove: Change = async (connections, tenant, name, { actor }) => {
  await connections.removeDraft(tenant, name, actor);
  return redirect(paths.connections(), 'sso-removed');
};
