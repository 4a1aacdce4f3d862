import { sql } from 'kysely';
import type { Signer } from '../../deprovision/ports.js';
import { decryptSecret, encryptSecret, type Keyring } from '../../lib/crypto.js';
import { generateSigningKey, signDocument, type SigningKey } from '../../lib/signing.js';
import type { TenantDatabase } from '../database.js';

export interface SigningKeys extends Signer {
  /** Public halves of a tenant's keys, newest first: to check signatures with, wherever. */
  listPublic(
    tenantId: string,
  ): Promise<readonly { readonly keyId: string; readonly publicKey: string; readonly createdAt: Date }[]>;
}

/** Each tenant's Ed25519 key, made when it is first needed; the private half is stored encrypted. */
export function makeSigningKeys(deps: {
  readonly database: TenantDatabase;
  readonly keyring: Keyring;
  readonly now: () => Date;
}): SigningKeys {
  const known = new Map<string, SigningKey>();
  return {
    async sign(tenantId, document) {
      const key = known.get(tenantId) ?? (await loadOrMake(deps, tenantId));
      known.set(tenantId, key);
      return signDocument(document, key);
    },
    async listPublic(tenantId) {
      const rows = await deps.database
        .forTenant(tenantId)
        .selectFrom('signing_keys')
        .select(['id', 'public_key', 'created_at'])
        .where('tenant_id', '=', tenantId)
        .orderBy('created_at', 'desc')
        .execute();
      return rows.map((row) => ({ keyId: row.id, publicKey: row.public_key, createdAt: row.created_at }));
    },
  };
}

/** Two processes that need it in the same moment agree on one: the tenant's row is locked meanwhile. */
async function loadOrMake(
  { database, keyring, now }: Parameters<typeof makeSigningKeys>[0],
  tenantId: string,
): Promise<SigningKey> {
  return database
    .forTenant(tenantId)
    .transaction()
    .execute(async (trx) => {
      await sql`select id from tenants where id = ${tenantId} for update`.execute(trx);
      const row = await trx
        .selectFrom('signing_keys')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .orderBy('created_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (row !== undefined) {
        const privateKey = decryptSecret(row.secret, keyring, contextOf(tenantId, row.id));
        return { keyId: row.id, publicKey: row.public_key, privateKey };
      }
      const made = generateSigningKey();
      const secret = encryptSecret(made.privateKey, keyring, contextOf(tenantId, made.keyId));
      await trx
        .insertInto('signing_keys')
        .values({
          tenant_id: tenantId,
          id: made.keyId,
          public_key: made.publicKey,
          secret,
          created_at: now(),
        })
        .execute();
      return made;
    });
}

function contextOf(tenantId: string, keyId: string): readonly string[] {
  return [tenantId, keyId, 'signing-key'];
}
