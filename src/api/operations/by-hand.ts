import { z } from 'zod';
import type { ImportPreview } from '../../manual/imports.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import {
  applyImport,
  confirmation,
  importFigures,
  importPreview,
  imports,
  newImport,
  steps,
} from '../schemas/by-hand.js';
import { byId, byName, noQuery } from '../schemas/parts.js';

const stepAddress = z.object({ id: z.uuid(), step: z.uuid() });
const importAddress = byName.extend({ id: z.uuid() });
const TAG = 'Without an API';

/** Phone systems without an API: steps that people confirm, lists that they import. */
export function byHandOperations(deps: ApiDeps): readonly Operation[] {
  return [...stepOperations(deps), ...readImports(deps), ...decideOnImports(deps)];
}

function stepOperations({ checklists }: ApiDeps): readonly Operation[] {
  return [
    operation({
      id: 'listSteps',
      method: 'get',
      path: '/worklist/{id}/steps',
      tag: TAG,
      summary: 'Steps of a checklist in the order in which they are done; none for any other task',
      permission: 'read',
      status: 200,
      params: byId,
      query: noQuery,
      body: null,
      response: steps,
      async handle({ principal, params }) {
        const found = await checklists.steps(principal.tenantId, params.id);
        return { items: found.map(({ recordBefore: _, ...shown }) => shown) };
      },
    }),
    operation({
      id: 'confirmStep',
      method: 'post',
      path: '/worklist/{id}/steps/{step}/confirm',
      tag: TAG,
      summary: 'Say that a step was done: from then on it counts as so',
      permission: 'worklist:work',
      status: 204,
      params: stepAddress,
      query: noQuery,
      body: confirmation,
      response: null,
      errors: ['notFound', 'conflict'],
      handle: ({ principal: { tenantId, actor }, params, body }) =>
        checklists.confirm({ tenantId, taskId: params.id, stepId: params.step, actor, typed: body.typed }),
    }),
    operation({
      id: 'undoStep',
      method: 'post',
      path: '/worklist/{id}/steps/{step}/undo',
      tag: TAG,
      summary: 'Say that a step was not done after all: whatever is still wanted is asked for again',
      permission: 'worklist:work',
      status: 204,
      params: stepAddress,
      query: noQuery,
      body: null,
      response: null,
      errors: ['notFound', 'conflict'],
      handle: ({ principal: { tenantId, actor }, params }) =>
        checklists.undo({ tenantId, taskId: params.id, stepId: params.step, actor }),
    }),
  ];
}

function readImports(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      id: 'listImports',
      method: 'get',
      path: '/accounts/{name}/imports',
      tag: TAG,
      summary: 'Member lists imported lately, newest first',
      permission: 'read',
      status: 200,
      params: byName,
      query: noQuery,
      body: null,
      response: imports,
      errors: ['notFound'],
      async handle({ principal, params }) {
        const account = await deps.accounts.byName(principal.tenantId, params.name);
        return { items: await deps.imports.recent(account) };
      },
    }),
    operation({
      id: 'previewImport',
      method: 'post',
      path: '/accounts/{name}/imports',
      tag: TAG,
      summary: 'Upload a member list and see what it would do; changes nothing',
      permission: 'accounts:write',
      status: 201,
      params: byName,
      query: noQuery,
      body: newImport,
      response: importPreview,
      errors: ['notFound'],
      async handle({ principal, params, body }) {
        const account = await deps.accounts.byName(principal.tenantId, params.name);
        const preview = await deps.imports.preview({
          account,
          fileName: body.fileName,
          text: body.csv,
          isComplete: body.complete,
          exportedAt: body.exportedAt === undefined ? null : new Date(body.exportedAt),
          actor: principal.actor,
        });
        return toPreview(preview);
      },
    }),
  ];
}

function decideOnImports(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      id: 'applyImport',
      method: 'post',
      path: '/accounts/{name}/imports/{id}/apply',
      tag: TAG,
      summary: 'Take over a previewed list, exactly as the preview said',
      permission: 'accounts:write',
      status: 200,
      params: importAddress,
      query: noQuery,
      body: applyImport,
      response: importFigures,
      errors: ['notFound', 'conflict', 'stale'],
      async handle({ principal, params, body }) {
        const account = await deps.accounts.byName(principal.tenantId, params.name);
        return deps.imports.apply({ account, importId: params.id, ...body, actor: principal.actor });
      },
    }),
    operation({
      id: 'discardImport',
      method: 'post',
      path: '/accounts/{name}/imports/{id}/discard',
      tag: TAG,
      summary: 'Throw a previewed list away',
      permission: 'accounts:write',
      status: 204,
      params: importAddress,
      query: noQuery,
      body: null,
      response: null,
      errors: ['notFound', 'conflict'],
      async handle({ principal, params }) {
        const account = await deps.accounts.byName(principal.tenantId, params.name);
        await deps.imports.discard({ account, importId: params.id, actor: principal.actor });
      },
    }),
  ];
}

function toPreview({ row, reading, merge, confirmed, digest }: ImportPreview) {
  const { added, changed, removed, kept, unchanged } = merge;
  return { row, missing: reading.missing, added, changed, removed, kept, unchanged, confirmed, digest };
}
