import type { ArchivedFile, RetentionDocuments } from '../../deprovision/documents.js';
import type { Manifest } from '../../deprovision/manifest.js';
import type { Certificate } from '../../deprovision/proof/certificate.js';
import { isUuid } from '../../lib/ids.js';
import type { Signature } from '../../lib/signing.js';
import type { TenantDatabase } from '../database.js';

/** Manifests and certificates as they were signed. */
export function makeRetentionDocuments(database: TenantDatabase): RetentionDocuments {
  const select = (tenantId: string, deletionId: string) =>
    database
      .forTenant(tenantId)
      .selectFrom('deletions')
      .where('tenant_id', '=', tenantId)
      .where('id', '=', deletionId);
  return {
    async manifest(tenantId, deletionId) {
      if (!isUuid(deletionId)) return null;
      const row = await select(tenantId, deletionId)
        .select(['manifest', 'manifest_hash', 'manifest_signature'])
        .executeTakeFirst();
      if (row === undefined || row.manifest === null || row.manifest_hash === null) return null;
      const signature = row.manifest_signature as Signature | null;
      return { document: row.manifest as Manifest, hash: row.manifest_hash, signature };
    },
    async certificate(tenantId, deletionId) {
      if (!isUuid(deletionId)) return null;
      const row = await select(tenantId, deletionId)
        .select(['certificate', 'certificate_hash', 'certificate_signature'])
        .executeTakeFirst();
      if (row === undefined || row.certificate === null || row.certificate_hash === null) return null;
      const signature = row.certificate_signature as Signature | null;
      return { document: row.certificate as Certificate, hash: row.certificate_hash, signature };
    },
    async archived(tenantId, deletionId) {
      if (!isUuid(deletionId)) return new Map();
      const rows = await database
        .forTenant(tenantId)
        .selectFrom('archive_objects')
        .select(['call_id', 'kind', 'state', 'object_key', 'bytes', 'sha256'])
        .where('tenant_id', '=', tenantId)
        .where('deletion_id', '=', deletionId)
        .execute();
      return new Map(
        rows.map((row): [string, ArchivedFile] => [
          `${row.call_id} ${row.kind}`,
          {
            state: row.state,
            objectKey: row.object_key,
            bytes: row.bytes === null ? null : Number(row.bytes),
            sha256: row.sha256,
          },
        ]),
      );
    },
  };
}
