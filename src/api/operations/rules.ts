import type { RuleSetVersion } from '../../rules/rules.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import { byVersion, noParams, noQuery } from '../schemas/parts.js';
import {
  newRules,
  rulesChecked,
  rulesImpact,
  rulesSaved,
  ruleText,
  ruleVersion,
  ruleVersions,
} from '../schemas/rules.js';

export function ruleOperations(deps: ApiDeps): readonly Operation[] {
  return [...readRules(deps), ...tryRules(deps), ...writeRules(deps)];
}

function readRules({ rules }: ApiDeps): readonly Operation[] {
  return [
    operation({
      id: 'getRules',
      method: 'get',
      path: '/rules',
      tag: 'Rules',
      summary: 'The rules in force',
      permission: 'read',
      status: 200,
      params: noParams,
      query: noQuery,
      body: null,
      response: ruleVersion,
      errors: ['notFound'],
      handle: async ({ principal }) => toVersion(await rules.get(principal.tenantId)),
    }),
    operation({
      id: 'listRuleVersions',
      method: 'get',
      path: '/rules/versions',
      tag: 'Rules',
      summary: 'Every version, newest first',
      permission: 'read',
      status: 200,
      params: noParams,
      query: noQuery,
      body: null,
      response: ruleVersions,
      async handle({ principal }) {
        const versions = await rules.list(principal.tenantId);
        return { items: versions.map((one) => ({ ...toVersion(one), source: undefined })) };
      },
    }),
    operation({
      id: 'getRuleVersion',
      method: 'get',
      path: '/rules/versions/{version}',
      tag: 'Rules',
      summary: 'One version',
      permission: 'read',
      status: 200,
      params: byVersion,
      query: noQuery,
      body: null,
      response: ruleVersion,
      errors: ['notFound'],
      handle: async ({ principal, params }) => toVersion(await rules.get(principal.tenantId, params.version)),
    }),
  ];
}

function tryRules(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      id: 'checkRules',
      method: 'post',
      path: '/rules/check',
      tag: 'Rules',
      summary: 'Whether a rule file is right, and what the phone systems cannot hold of it; saves nothing',
      permission: 'read',
      status: 200,
      params: noParams,
      query: noQuery,
      body: ruleText,
      response: rulesChecked,
      async handle({ principal, body }) {
        const { ruleSet, notices } = await deps.rules.check(principal.tenantId, body.text);
        return { ruleCount: ruleSet.rules.length, notices };
      },
    }),
    operation({
      id: 'previewRules',
      method: 'post',
      path: '/rules/impact',
      tag: 'Rules',
      summary: 'Who would gain and lose what with these rules; reads the phone systems, saves nothing',
      permission: 'rules:write',
      status: 200,
      params: noParams,
      query: noQuery,
      body: ruleText,
      response: rulesImpact,
      async handle({ principal: { tenantId }, body }) {
        const { ruleSet } = await deps.rules.check(tenantId, body.text);
        const impacts = await deps.rulesImpact(tenantId, ruleSet);
        return {
          items: impacts.map(({ accountName, impact, verdict }) => ({
            account: accountName,
            ...impact,
            holds: verdict.type === 'held' ? verdict.holds : [],
          })),
        };
      },
    }),
  ];
}

function writeRules({ rules, nudge }: ApiDeps): readonly Operation[] {
  return [
    operation({
      id: 'saveRules',
      method: 'put',
      path: '/rules',
      tag: 'Rules',
      summary: 'Save a rule file as the newest version; every account is planned anew',
      permission: 'rules:write',
      status: 200,
      params: noParams,
      query: noQuery,
      body: newRules,
      response: rulesSaved,
      errors: ['stale'],
      async handle({ principal: { tenantId, actor }, body }) {
        const input = { tenantId, text: body.text, note: body.note ?? null, actor };
        const { saved, isNew, notices } = await rules.save(input);
        nudge(tenantId);
        return { version: saved.version, isNew, notices };
      },
    }),
    operation({
      id: 'rollBackRules',
      method: 'post',
      path: '/rules/versions/{version}/rollback',
      tag: 'Rules',
      summary: 'Make an older version the newest one again',
      permission: 'rules:write',
      status: 200,
      params: byVersion,
      query: noQuery,
      body: null,
      response: ruleVersion,
      errors: ['notFound', 'stale'],
      async handle({ principal: { tenantId, actor }, params }) {
        const saved = await rules.rollBack({ tenantId, version: params.version, actor });
        nudge(tenantId);
        return toVersion(saved);
      },
    }),
  ];
}

function toVersion({ version, ruleSet, source, createdBy, createdAt, note }: RuleSetVersion) {
  return { version, ruleCount: ruleSet.rules.length, source, createdBy, createdAt, note };
}
