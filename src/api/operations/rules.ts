import type { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import type { RuleSet } from '../../domain/mapping.js';
import { diffRules, type RulesDiff } from '../../domain/rules/diff.js';
import type { ImpactOnAccount } from '../../domain/impact.js';
import { describeUnknown, heldBecause, type RuleChange } from '../../rules/changes.js';
import type { RulesSaved, RulesSource, RuleSetVersion } from '../../rules/rules.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import { byVersion, noParams, noQuery } from '../schemas/parts.js';
import {
  comparedRules,
  newRules,
  proposedRules,
  rulesChecked,
  rulesDiff,
  rulesImpact,
  rulesSaved,
  savingQuery,
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
      id: 'diffRules',
      method: 'post',
      path: '/rules/diff',
      tag: 'Rules',
      summary:
        'By rule, how a version or a rule file differs from the rules in force or from another version',
      permission: 'read',
      status: 200,
      params: noParams,
      query: noQuery,
      body: comparedRules,
      response: rulesDiff,
      errors: ['notFound'],
      async handle({ principal: { tenantId }, body }) {
        const before = await ruleSetOf(deps, tenantId, body.before ?? null);
        return toDiff(diffRules(before, await ruleSetOf(deps, tenantId, body.after ?? null)));
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
      body: proposedRules,
      response: rulesImpact,
      errors: ['notFound'],
      async handle({ principal: { tenantId }, body }) {
        const { impact } = await deps.ruleChanges.preview(tenantId, body);
        return { items: impact.map(toImpact) };
      },
    }),
  ];
}

function writeRules(deps: ApiDeps): readonly Operation[] {
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
      query: savingQuery,
      body: newRules,
      response: rulesSaved,
      errors: ['stale', 'held'],
      async handle({ principal: { tenantId, actor }, query, body }) {
        const source = { text: body.text };
        const change = { tenantId, actor, source, note: body.note ?? null, losses: query.losses };
        const { saved, isNew, notices } = await saveRules(deps, change);
        return { version: saved.version, isNew, notices };
      },
    }),
    operation({
      id: 'rollBackRules',
      method: 'post',
      path: '/rules/versions/{version}/rollback',
      tag: 'Rules',
      summary: 'Make an older version the newest one again; every account is planned anew',
      permission: 'rules:write',
      status: 200,
      params: byVersion,
      query: savingQuery,
      body: null,
      response: ruleVersion,
      errors: ['notFound', 'stale', 'held'],
      async handle({ principal: { tenantId, actor }, params, query }) {
        const change = { tenantId, actor, source: params, note: null, losses: query.losses };
        return toVersion((await saveRules(deps, change)).saved);
      },
    }),
  ];
}

/** null: the rules in force. */
async function ruleSetOf({ rules }: ApiDeps, tenantId: string, source: RulesSource | null): Promise<RuleSet> {
  if (source === null) return (await rules.get(tenantId)).ruleSet;
  if ('text' in source) return (await rules.check(tenantId, source.text)).ruleSet;
  return (await rules.get(tenantId, source.version)).ruleSet;
}

function toDiff({ defaultRole, owners, rules }: RulesDiff): z.output<typeof rulesDiff> {
  return {
    defaultRole,
    owners: { added: [...owners.added], removed: [...owners.removed] },
    rules: rules.map((one) => ({
      id: one.id,
      change: one.change,
      parts: one.change === 'changed' ? [...one.parts] : [],
      before: one.change === 'added' ? null : { ...one.before },
      after: one.change === 'removed' ? null : { ...one.after },
    })),
  };
}

async function saveRules({ ruleChanges, nudge }: ApiDeps, change: RuleChange): Promise<RulesSaved> {
  const result = await ruleChanges.save(change);
  if (result.type === 'held') {
    throw new AppError(
      'held',
      `${heldBecause(result.impact)} Look at /rules/impact, then save with ?losses=skip; the removals still wait for approval as a plan.`,
    );
  }
  nudge(change.tenantId);
  return result;
}

function toImpact(one: ImpactOnAccount) {
  const account = one.accountName;
  if (one.type === 'unknown')
    return { type: one.type, account, error: one.error.kind, message: describeUnknown(one) };
  const { impact, verdict } = one;
  return { type: one.type, account, ...impact, holds: verdict.type === 'held' ? verdict.holds : [] };
}

function toVersion({ version, ruleSet, source, createdBy, createdAt, note }: RuleSetVersion) {
  return { version, ruleCount: ruleSet.rules.length, source, createdBy, createdAt, note };
}
