import type { AccountPolicy } from '../../domain/plan.js';
import { actorOf, type SetupDeps } from './deps.js';
import { writeStarterRules } from './starter-rules.js';
import { connectionOf, type SetupState } from './state.js';

export interface WentLive {
  readonly loginUrl: string;
  readonly hasNewRules: boolean;
  /** Accounts whose policy was changed. */
  readonly changed: ReadonlyMap<string, AccountPolicy>;
}

/** Each part can be done again: after a failure half-way, going live once more finishes the rest. */
export async function goLive(
  deps: SetupDeps,
  state: SetupState,
  policies: ReadonlyMap<string, AccountPolicy>,
): Promise<WentLive> {
  const { tenant, link } = state;
  const actor = actorOf(state);
  const { name } = connectionOf(state);
  const { serviceProvider } = await deps.connections.setState(tenant, name, 'active', actor);
  const hasNewRules = await saveRules(deps, state, actor);
  const changed = await changePolicies(deps, tenant.id, policies, actor);
  deps.nudge(tenant.id);
  await deps.setupLinks.complete(tenant.id, link.id, actor);
  return { loginUrl: serviceProvider.loginUrl, hasNewRules, changed };
}

async function saveRules(deps: SetupDeps, { tenant, link }: SetupState, actor: string): Promise<boolean> {
  const text = writeStarterRules(link.progress.groupChoices);
  if (text === null || (await deps.rules.exist(tenant.id))) return false;
  await deps.rules.save({ tenantId: tenant.id, text, note: 'Set-up', actor });
  return true;
}

async function changePolicies(
  { accounts }: SetupDeps,
  tenantId: string,
  policies: ReadonlyMap<string, AccountPolicy>,
  actor: string,
): Promise<ReadonlyMap<string, AccountPolicy>> {
  const changed = new Map<string, AccountPolicy>();
  for (const { name, policy } of await accounts.list(tenantId)) {
    const wanted = policies.get(name) ?? policy;
    if (wanted === policy) continue;
    await accounts.setPolicy(tenantId, name, wanted, actor);
    changed.set(name, wanted);
  }
  return changed;
}
