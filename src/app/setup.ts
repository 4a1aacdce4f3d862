import type { Router } from 'express';
import type { SetupAuth } from '../console/setup/ports.js';
import { makeSetupRouter } from '../console/setup/routes.js';
import { httpStatus } from '../http/errors.js';
import { csrfTokenOf, sessionOf, type SessionEdge } from '../http/session.js';
import type { RulesImpact } from '../reconcile/rules-impact.js';
import { makeSetupJourney, type SetupJourney } from '../sso/setup/journey.js';
import { makePeopleView } from '../store/console/people.js';
import { makeRuleSetReader } from '../store/rule-sets.js';
import { makeTenantStore } from '../store/tenants.js';
import type { Services } from './services.js';
import type { Sso } from './sso.js';

export interface SetupParts {
  readonly services: Services;
  readonly sso: Pick<Sso, 'session' | 'setupLinks' | 'connections' | 'traces'>;
  readonly rulesImpact: RulesImpact;
  readonly nudge: (tenantId: string) => void;
}

/** Self-service set-up behind a setup link. Mount at /setup. */
export function buildSetup(parts: SetupParts): Router {
  const { services, sso, rulesImpact } = parts;
  return makeSetupRouter({
    auth: setupAuth(sso.session),
    journey: buildJourney(parts),
    setupLinks: sso.setupLinks,
    findTenantName: async (tenantId) =>
      (await makeTenantStore(services.database).find(tenantId))?.name ?? 'your organisation',
    async readImpact(tenantId, text) {
      const ruleSet =
        text === null
          ? (await services.rules.get(tenantId)).ruleSet
          : (await services.rules.check(tenantId, text)).ruleSet;
      return rulesImpact(tenantId, ruleSet, 'nothing');
    },
    scimBaseUrl: services.scimBaseUrl,
    statusOf: httpStatus,
    now: () => services.clock.now(),
    log: services.log,
  });
}

function buildJourney({ services, sso, nudge }: SetupParts): SetupJourney {
  const people = makePeopleView(services.database);
  const currentRules = makeRuleSetReader(services.database);
  return makeSetupJourney({
    findTenant: makeTenantStore(services.database).find,
    setupLinks: sso.setupLinks,
    connections: sso.connections,
    traces: sso.traces,
    tokens: services.tokens,
    directory: {
      countPeople: (tenantId) => people.count(tenantId),
      groups: (tenantId, query) => people.groups(tenantId, query),
    },
    rules: {
      exist: async (tenantId) => (await currentRules.current(tenantId)) !== null,
      check: (tenantId, text) => services.rules.check(tenantId, text),
      save: (input) => services.rules.save(input),
    },
    accounts: {
      list: (tenantId) => services.accounts.list(tenantId),
      async setPolicy(tenantId, name, policy, actor) {
        const account = await services.accounts.byName(tenantId, name);
        await services.accounts.setPolicy(account, policy, actor);
      },
    },
    nudge,
    now: () => services.clock.now(),
  });
}

function setupAuth(session: SessionEdge): SetupAuth {
  return {
    load: session.load,
    session(response) {
      const found = sessionOf(response);
      if (found === null || found.actor.kind !== 'setup') return null;
      const { setupLinkId } = found.actor;
      return { tenantId: found.tenantId, setupLinkId, csrf: csrfTokenOf(response) };
    },
    signedInAs(response) {
      const actor = sessionOf(response)?.actor;
      return actor?.kind === 'person' ? actor.displayName : null;
    },
    previous: (request) => session.tokenOf(request),
    begin: (response, token) => session.begin(response, token),
    clear: (response) => session.clear(response),
  };
}
