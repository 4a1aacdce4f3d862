import { IDP_WORDS } from '../idp-words.js';
import { actorOf, save, type SetupDeps } from './deps.js';
import type { SetupToken } from './ports.js';
import { connectionOf, withDone, type SetupState } from './state.js';

/** The token of this set-up as long as it works. */
export async function findToken(
  { tokens }: Pick<SetupDeps, 'tokens'>,
  tenantId: string,
  tokenId: string | null,
): Promise<SetupToken | null> {
  if (tokenId === null) return null;
  const found = (await tokens.list(tenantId, 'scim')).find(({ id }) => id === tokenId);
  return found === undefined || found.revokedAt !== null ? null : found;
}

export async function makeToken(
  deps: SetupDeps,
  state: SetupState,
): Promise<{ readonly token: string; readonly state: SetupState }> {
  const { tenant, link } = state;
  const actor = actorOf(state);
  await endUnused(deps, state);
  const connection = await changeJit(deps, state, 'auto');
  const kind = link.progress.idpKind ?? 'generic';
  const name = kind === 'generic' ? 'Identity provider' : IDP_WORDS[kind].name;
  const input = { tenantId: tenant.id, kind: 'scim', name, expiresAt: null, actor } as const;
  const { token, record } = await deps.tokens.create(input);
  const progress = { ...link.progress, source: 'scim', scimTokenId: record.id } as const;
  return { token, state: await save(deps, { ...state, connection }, progress) };
}

export async function chooseSignIns(deps: SetupDeps, state: SetupState): Promise<SetupState> {
  await endUnused(deps, state);
  const connection = await changeJit(deps, state, 'on');
  const progress = { ...state.link.progress, source: 'sign-in', scimTokenId: null } as const;
  return save(deps, { ...state, connection }, withDone(progress, 'scim'));
}

function changeJit(deps: SetupDeps, state: SetupState, jit: 'auto' | 'on') {
  return deps.connections.setSettings(state.tenant, connectionOf(state).name, { jit }, actorOf(state));
}

/** A token that this set-up made and nobody has used is lost: it was shown once. */
async function endUnused(deps: SetupDeps, state: SetupState): Promise<void> {
  const { tenant, link } = state;
  const token = await findToken(deps, tenant.id, link.progress.scimTokenId);
  if (token === null || token.lastUsedAt !== null) return;
  await deps.tokens.revoke({ tenantId: tenant.id, tokenId: token.id, actor: actorOf(state) });
}
