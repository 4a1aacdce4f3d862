import type { z } from 'zod';
import type { HandoverStanding } from '../../deprovision/handover-ports.js';
import { AppError } from '../../domain/errors.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import { handover, newSuccessor } from '../schemas/leavers.js';
import { byId, noQuery } from '../schemas/parts.js';

/** What a leaver leaves without anybody, and who takes it over. */
export function handoverOperations({ successors, nudge }: ApiDeps): readonly Operation[] {
  return [
    operation({
      id: 'getHandover',
      method: 'get',
      path: '/deletions/{id}/handover',
      tag: 'Leavers',
      summary: 'What nobody answers since the person left, who could take it over, and who was chosen',
      permission: 'read',
      status: 200,
      params: byId,
      query: noQuery,
      body: null,
      response: handover,
      errors: ['notFound'],
      handle: async ({ principal: { tenantId }, params }) =>
        showHandover(await successors.find({ tenantId, deletionId: params.id })),
    }),
    operation({
      id: 'chooseSuccessor',
      method: 'put',
      path: '/deletions/{id}/successor',
      tag: 'Leavers',
      summary: 'Say who takes the lines over: a person by e-mail or a team by name',
      permission: 'leavers:decide',
      status: 204,
      params: byId,
      query: noQuery,
      body: newSuccessor,
      response: null,
      errors: ['notFound', 'conflict', 'invalid'],
      async handle({ principal: { tenantId, actor }, params, body }) {
        await successors.choose({ tenantId, deletionId: params.id, actor, to: body.to });
        nudge(tenantId);
      },
    }),
  ];
}

function showHandover(standing: HandoverStanding | null): z.output<typeof handover> {
  const found = standing?.handover ?? null;
  if (standing === null || found === null) {
    throw new AppError('notFound', 'There is no such deletion, or its lines were not looked at yet.');
  }
  const { chosen, takeovers } = standing;
  const { lines, emptyTeams, successors, isPartial } = found;
  return {
    lines: [...lines],
    emptyTeams: [...emptyTeams],
    isPartial,
    suggested: successors.map((one) => ({
      type: one.type,
      name: one.type === 'team' ? one.team : one.email,
      because: one.type === 'team' ? 'team' : one.because,
    })),
    chosen:
      chosen === null
        ? null
        : { type: chosen.type, name: chosen.type === 'team' ? chosen.team : chosen.email, by: chosen.by },
    given: takeovers.map((one) =>
      one.type === 'team'
        ? { type: one.type, name: one.team, access: null }
        : { type: one.type, name: one.number, access: one.kind },
    ),
  };
}
