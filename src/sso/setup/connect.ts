import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../domain/errors.js';
import type { AttributeNames, IdpKind } from '../connection.js';
import { IDP_WORDS } from '../idp-words.js';
import type { IdpSource } from '../idp-source.js';
import type { SetupStep } from '../setup-ports.js';
import { actorOf, save, type SetupDeps } from './deps.js';
import { otherRules, toRoleRules, type RoleGroups } from './role-groups.js';
import { connectionOf, withDone, type SetupState } from './state.js';

export interface PeopleMapping {
  readonly roles: RoleGroups;
  /** Attribute names that differ from the usual ones; what is left out stays. */
  readonly attributes: Partial<AttributeNames>;
}

/** A change at the connection makes the test say nothing any more; the same once more is no change. */
const TEST: readonly SetupStep[] = ['test'];

export async function chooseIdp(deps: SetupDeps, state: SetupState, kind: IdpKind): Promise<SetupState> {
  const label = kind === 'generic' ? 'Single sign-on' : IDP_WORDS[kind].name;
  const connection = await draftFor(deps, state, kind, label);
  const progress = withDone({ ...state.link.progress, idpKind: kind }, 'idp');
  return save(deps, { ...state, connection }, progress);
}

async function draftFor(deps: SetupDeps, state: SetupState, kind: IdpKind, label: string) {
  const { tenant, connection } = state;
  const actor = actorOf(state);
  if (connection !== null) {
    return deps.connections.describe(tenant, connection.name, { label, idpKind: kind }, actor);
  }
  const taken = new Set((await deps.connections.list(tenant)).map(({ name }) => name));
  // Not the IdP's name: it is part of the addresses, and those stay when somebody chooses another IdP after all.
  const name = ['sso', ...Array.from({ length: 98 }, (_, index) => `sso-${String(index + 2)}`)].find(
    (candidate) => !taken.has(candidate),
  );
  if (name === undefined) {
    throw new AppError(
      'conflict',
      'There are too many connections. Ask whoever sent the link to remove some.',
    );
  }
  return deps.connections.create({ tenant, name, label, idpKind: kind, actor });
}

export async function giveMetadata(
  deps: SetupDeps,
  state: SetupState,
  source: IdpSource,
): Promise<SetupState> {
  const before = connectionOf(state);
  const connection = await deps.connections.setIdp(state.tenant, before.name, source, actorOf(state));
  const isSame = isDeepStrictEqual(connection.idp, before.idp);
  return saveConfigured(deps, { ...state, connection }, 'metadata', isSame);
}

export async function mapPeople(
  deps: SetupDeps,
  state: SetupState,
  { roles, attributes }: PeopleMapping,
): Promise<SetupState> {
  const { name, settings } = connectionOf(state);
  if (roles.owner.length + roles.admin.length === 0) {
    throw new AppError(
      'invalid',
      'Name at least one group or person as owner or admin. Otherwise nobody could change anything here afterwards.',
    );
  }
  const patch = {
    roleRules: [...toRoleRules(roles), ...otherRules(settings.roleRules)],
    attributes: { ...settings.attributes, ...attributes },
  };
  const connection = await deps.connections.setSettings(state.tenant, name, patch, actorOf(state));
  const isSame = isDeepStrictEqual(connection.settings, settings);
  return saveConfigured(deps, { ...state, connection }, 'attributes', isSame);
}

function saveConfigured(
  deps: SetupDeps,
  state: SetupState,
  step: SetupStep,
  isSame: boolean,
): Promise<SetupState> {
  if (isSame) return save(deps, state, withDone(state.link.progress, step));
  const progress = { ...state.link.progress, configuredAt: deps.now().toISOString() };
  return save(deps, state, withDone(progress, step, TEST));
}
