import { z } from 'zod';
import type { ChainCheck } from '../../administration/audit-chain.js';
import { AppError } from '../../domain/errors.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import { auditCheck, auditEvents } from '../schemas/audit.js';
import { noParams, noQuery, pageQuery, pageRequest } from '../schemas/parts.js';

/** The audit trail and whether it is as it was written. */
export function auditOperations(deps: ApiDeps): readonly Operation[] {
  return [listOperation(deps), ...chainOperations(deps)];
}

const READ = { tag: 'Audit', permission: 'audit:read', status: 200, params: noParams, body: null } as const;

function listOperation(deps: ApiDeps): Operation {
  return operation({
    ...READ,
    id: 'listAuditEvents',
    method: 'get',
    path: '/audit',
    summary: 'The audit trail, newest first',
    query: pageQuery.extend({
      actor: z.string().max(300).optional(),
      action: z.string().max(100).optional(),
      from: z.iso.datetime().optional(),
      until: z.iso.datetime().optional(),
    }),
    response: auditEvents,
    async handle({ principal, query }) {
      const { actor = null, action = null, from, until } = query;
      const found = await deps.audit.list(principal.tenantId, {
        ...pageRequest(query),
        actor,
        action,
        target: null,
        from: from === undefined ? null : new Date(from),
        until: until === undefined ? null : new Date(until),
      });
      return { items: found.rows, next: found.next };
    },
  });
}

function chainOperations({ auditChain }: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...READ,
      id: 'checkAuditChain',
      method: 'post',
      path: '/audit/check',
      summary: 'Compute the hash chain of the whole trail now',
      query: noQuery,
      response: auditCheck,
      handle: async ({ principal: { tenantId, actor } }) => toCheck(await auditChain.check(tenantId, actor)),
    }),
    operation({
      ...READ,
      id: 'getAuditCheck',
      method: 'get',
      path: '/audit/check',
      summary: 'What the last computation of the hash chain said; there is one a day',
      query: noQuery,
      response: auditCheck,
      errors: ['notFound'],
      async handle({ principal }) {
        const last = await auditChain.last(principal.tenantId);
        if (last !== null) return toCheck(last);
        throw new AppError(
          'notFound',
          'The chain has not been computed yet. Ask for it, or wait for the daily check.',
        );
      },
    }),
  ];
}

function toCheck({ checkedAt, verdict }: ChainCheck) {
  const isIntact = verdict.type === 'intact';
  return {
    checkedAt,
    isIntact,
    events: isIntact ? verdict.events : null,
    head: isIntact ? verdict.head : null,
    brokenAt: isIntact ? null : verdict.chainNo,
    problem: isIntact ? null : verdict.problem,
  };
}
