import type { IdpReading } from '../../domain/findings/directory-view.js';
import type { FindingAudit } from '../ports.js';
import type { IdpSource } from './source.js';

export interface IdpSourceStore {
  /** Throws AppError `conflict` when the tenant has a connection of that name. */
  insert(source: IdpSource, audit: FindingAudit): Promise<void>;
  list(tenantId: string): Promise<readonly IdpSource[]>;
  find(tenantId: string, sourceId: string): Promise<IdpSource | null>;
  /** Every connection of every tenant, for the scheduler. */
  listAll(): Promise<readonly IdpSource[]>;
  update(
    tenantId: string,
    sourceId: string,
    change: Partial<Pick<IdpSource, 'config' | 'secrets' | 'settings' | 'pausedReason'>>,
    audit: FindingAudit,
  ): Promise<void>;
  /** With its readings and findings. */
  remove(tenantId: string, sourceId: string, audit: FindingAudit): Promise<void>;
  /** The last complete reading and where its list of changes goes on. */
  latestReading(
    tenantId: string,
    sourceId: string,
  ): Promise<{ readonly reading: IdpReading; readonly resumeToken: unknown } | null>;
  saveReading(
    tenantId: string,
    sourceId: string,
    saved: { readonly reading: IdpReading; readonly resumeToken: unknown },
  ): Promise<void>;
}
