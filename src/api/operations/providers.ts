import { z } from 'zod';
import type { ProviderDefinition } from '../../providers/port.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import { noParams, noQuery } from '../schemas/parts.js';
import { providers } from '../schemas/providers.js';

export function providerOperations(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      id: 'listProviders',
      method: 'get',
      path: '/providers',
      tag: 'Accounts',
      summary: 'Which phone systems can be connected, what each needs and what each can do',
      permission: 'read',
      status: 200,
      params: noParams,
      query: noQuery,
      body: null,
      response: providers,
      handle: () => Promise.resolve({ items: deps.providers.map(toProvider) }),
    }),
  ];
}

function toProvider({ configSchema, secretSchema, ...definition }: ProviderDefinition) {
  const { id, displayName, needs, capabilities, limits } = definition;
  const described = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' });
  return {
    id,
    displayName,
    needs,
    capabilities: { ...capabilities },
    limits: { ...limits },
    configSchema: described(configSchema),
    secretSchema: described(secretSchema),
  };
}
