import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import type { OAuthClients } from '../../tenancy/oauth/clients.js';
import type { ClientWithSecrets } from '../../tenancy/oauth/ports.js';
import { param, type PageContext } from '../kit/context.js';
import { assertTyped, readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { NewSecretPage } from '../parts/new-secret.js';
import { paths } from '../paths.js';
import { clientPath } from './client-path.js';
import { ClientPage } from './client.js';
import { ClientsPage } from './clients.js';

export interface OAuthClientsDeps {
  readonly oauthClients: OAuthClients;
  readonly scimBaseUrl: string;
  /** Where clients ask for access tokens. */
  readonly tokenEndpoint: string;
}

const nameForm = z.object({ name: z.string().trim().min(1, 'Say whose client it is.').max(80) });
const daysForm = z.object({
  days: z.coerce.number('Give whole days from 1 to 1096.').int().min(1).max(1_096),
});
const typedForm = z.object({ typed: z.string().default('') });
const federationForm = z.object({
  issuer: z.string().trim().max(500).default(''),
  subject: z.string().trim().max(500).default(''),
  audience: z.string().trim().max(500).default(''),
  jwksUrl: z.string().trim().max(1_000).default(''),
});

export function addOAuthClients(pages: Pages, deps: OAuthClientsDeps): void {
  const showAll = (context: PageContext) => showClients(deps, context);
  const showOne = (context: PageContext) => showClient(deps, context);
  const at = '/connections/clients';
  pages.get(at, 'read', showAll);
  pages.post(at, 'scim:write', (context) => create(deps, context), showAll);
  pages.get(`${at}/:id`, 'read', showOne);
  pages.post(`${at}/:id/secrets`, 'scim:write', (context) => addSecret(deps, context), showOne);
  pages.post(
    `${at}/:id/secrets/:secret/revoke`,
    'scim:write',
    (context) => revokeSecret(deps, context),
    showOne,
  );
  pages.post(`${at}/:id/federation`, 'scim:write', (context) => setFederation(deps, context), showOne);
  pages.post(`${at}/:id/revoke`, 'scim:write', (context) => revoke(deps, context), showOne);
}

async function showClients(deps: OAuthClientsDeps, context: PageContext): Promise<Result> {
  const clients = await deps.oauthClients.list(context.session.tenantId);
  const { tokenEndpoint, scimBaseUrl } = deps;
  return page('OAuth clients', <ClientsPage {...{ context, clients, tokenEndpoint, scimBaseUrl }} />);
}

async function showClient(deps: OAuthClientsDeps, context: PageContext): Promise<Result> {
  const { client, secrets } = await findClient(deps, context);
  const { tokenEndpoint } = deps;
  return page(client.name, <ClientPage {...{ context, client, secrets, tokenEndpoint }} />);
}

async function create(deps: OAuthClientsDeps, context: PageContext): Promise<Result> {
  const { name } = readForm(context.request, nameForm);
  const client = await deps.oauthClients.create({ ...refOf(context), name });
  return redirect(clientPath(client), 'client-created');
}

async function addSecret(deps: OAuthClientsDeps, context: PageContext): Promise<Result> {
  const { client } = await findClient(deps, context);
  const { days } = readForm(context.request, daysForm);
  const made = await deps.oauthClients.addSecret({ ...refOf(context), id: client.id, validDays: days });
  const back = { href: clientPath(client), label: client.name };
  return page(
    'A new secret',
    <NewSecretPage title="A new secret" token={made.secret} back={back}>
      <p>Client id:</p>
      <code class="secret">{client.clientId}</code>
      <p>Token endpoint:</p>
      <code class="secret">{deps.tokenEndpoint}</code>
    </NewSecretPage>,
  );
}

async function revokeSecret(deps: OAuthClientsDeps, context: PageContext): Promise<Result> {
  const { client, secrets } = await findClient(deps, context);
  const secret = secrets.find(({ id }) => id === param(context, 'secret'));
  if (secret === undefined) throw new AppError('notFound', 'This client has no such secret.');
  await deps.oauthClients.revokeSecret({ ...refOf(context), secretId: secret.id });
  return redirect(clientPath(client), 'secret-revoked');
}

/** All fields empty end the trust. */
async function setFederation(deps: OAuthClientsDeps, context: PageContext): Promise<Result> {
  const { client } = await findClient(deps, context);
  const sent = readForm(context.request, federationForm);
  const federation = Object.values(sent).every((value) => value === '') ? null : sent;
  await deps.oauthClients.setFederation({ ...refOf(context), id: client.id, federation });
  return redirect(clientPath(client), federation === null ? 'federation-ended' : 'federation-saved');
}

async function revoke(deps: OAuthClientsDeps, context: PageContext): Promise<Result> {
  const { client } = await findClient(deps, context);
  assertTyped(readForm(context.request, typedForm).typed, client.name);
  await deps.oauthClients.revoke({ ...refOf(context), id: client.id });
  return redirect(paths.connections('/clients'), 'client-revoked');
}

async function findClient(
  { oauthClients }: OAuthClientsDeps,
  context: PageContext,
): Promise<ClientWithSecrets> {
  const all = await oauthClients.list(context.session.tenantId);
  const found = all.find(({ client }) => client.id === param(context, 'id'));
  if (found !== undefined) return found;
  throw new AppError('notFound', 'There is no such client.');
}

function refOf({ session, actor }: PageContext) {
  return { tenantId: session.tenantId, actor };
}
