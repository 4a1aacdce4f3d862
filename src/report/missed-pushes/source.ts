import { z } from 'zod';
import { ATTRIBUTE_PATHS } from '../../domain/attribute-paths.js';
import type { IdpKind } from '../idp-port.js';

/** Settings of a connection that are Patchbay's own, whatever the provider. */
export const idpSettingsSchema = z.strictObject({
  /** Compared besides user name, e-mail and name; SCIM paths. */
  attributes: z.array(z.enum(ATTRIBUTE_PATHS)).default(['title', 'department']),
  /** Nobody else provisions here: whoever is here and not there is told. */
  isOnlySource: z.boolean().default(true),
  /** More deactivations at once than this are asked about, whatever the policy: the reading may be wrong. */
  deactivateAtOnceMax: z.number().int().min(0).default(10),
  /** People here whom the provider's list does not show are looked up one by one, so many at most. */
  lookUpMax: z.number().int().min(0).max(5_000).default(200),
  /** Five-field cron for the comparison, in timeZone. */
  compareCron: z.string().default('41 */4 * * *'),
  timeZone: z.string().default('UTC'),
});
export type IdpSettings = z.infer<typeof idpSettingsSchema>;

/** A tenant's connection to the API of an identity provider. `secrets` is an encrypted envelope, never plain. */
export interface IdpSource {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
  readonly kind: IdpKind;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: string;
  readonly settings: IdpSettings;
  /** Why no comparison is made, such as a refused credential; null: they are. */
  readonly pausedReason: string | null;
  readonly comparedAt: Date | null;
  readonly createdAt: Date;
}

/** Context that ties a connection's encrypted secrets to it (crypto AAD). */
export function idpSecretContext(tenantId: string, sourceId: string): readonly string[] {
  return [tenantId, sourceId, 'idp-secrets'];
}
