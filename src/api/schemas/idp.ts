import { z } from 'zod';
import { IDP_KINDS } from '../../report/idp-port.js';
import { idpSettingsSchema } from '../../report/missed-pushes/source.js';
import { allOf, moment, named } from './parts.js';

const anything = z.record(z.string(), z.unknown());

export const idpConnection = named(
  'IdpConnection',
  z.object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(IDP_KINDS),
    config: anything,
    settings: anything,
    pausedReason: z.string().nullable(),
    comparedAt: moment.nullable(),
    createdAt: moment,
  }),
);
export const idpConnections = allOf('IdpConnections', idpConnection);
export const idpFacts = named(
  'IdpFacts',
  z.object({ name: z.string(), details: z.record(z.string(), z.union([z.string(), z.number()])) }),
);
export const newIdpConnection = named(
  'NewIdpConnection',
  z.strictObject({
    name: z.string().min(1).max(60),
    kind: z.enum(IDP_KINDS),
    config: anything.describe('As the manual names it for each kind'),
    secrets: anything.describe('Stored encrypted, never shown again'),
    settings: idpSettingsSchema.prefault({}),
  }),
);
export const idpConnectionMade = named(
  'IdpConnectionMade',
  z.object({ connection: idpConnection, facts: idpFacts }),
);

export const newIdpConfig = named('NewIdpConfig', z.strictObject({ config: anything }));
export const newIdpSettings = named('NewIdpSettings', z.strictObject({ settings: idpSettingsSchema }));
export const newIdpCredential = named(
  'NewIdpCredential',
  z.strictObject({ secrets: anything.describe('Stored encrypted, never shown again') }),
);
