import { z } from 'zod';
import { allOf, named } from './parts.js';

const numberAccess = z.enum(['api', 'via-team', 'manual', 'none']);

const capabilities = named(
  'Capabilities',
  z
    .looseObject({
      writes: z.enum(['api', 'manual']).describe('`manual`: a person does whatever is possible'),
      teams: z.boolean(),
      owners: z.boolean(),
      roles: z.array(z.string()).optional().describe('Absent: all'),
      suspend: z.boolean(),
      delete: z.enum(['permanent', 'none']),
      readRole: z.boolean(),
      writeRole: z.boolean(),
      numberAccess: z.object({ assigned: numberAccess, outbound: numberAccess, call_flow: numberAccess }),
    })
    .describe('As declared; an account’s own settings may narrow or widen it'),
);

const provider = named(
  'Provider',
  z.object({
    id: z.string().describe('What `createAccount` calls `provider`'),
    displayName: z.string(),
    needs: z.string().describe('What has to be at hand to connect an account, and where it is found'),
    capabilities,
    limits: z.looseObject({ requestsPerMinute: z.number() }),
    configSchema: z.looseObject({}).describe('JSON Schema of an account’s plain settings'),
    secretSchema: z.looseObject({}).describe('JSON Schema of its credential'),
  }),
);

export const providers = allOf('Providers', provider);
