import type { Tenant } from '../tenancy/ports.js';
import type { DomainStore } from './domain-ports.js';
import type { MetadataRefresh } from './metadata-refresh.js';
import type { PartyDeps } from './party.js';
import type { ConsoleUserStore } from './people-ports.js';
import type { AdmissionStore, ConnectionStore, JitDirectory } from './ports.js';
import type { SamlLibrary } from './saml/library.js';
import type { ResponseVerifier } from './saml/verify-response.js';
import type { Sessions } from './sessions.js';
import type { Traces } from './traces.js';

export interface LoginDeps extends PartyDeps {
  readonly findTenant: (slug: string) => Promise<Pick<Tenant, 'id' | 'slug'> | null>;
  readonly connections: ConnectionStore;
  readonly admissions: AdmissionStore;
  readonly users: ConsoleUserStore;
  readonly sessions: Sessions;
  readonly traces: Traces;
  readonly directory: JitDirectory;
  readonly domains: Pick<DomainStore, 'find'>;
  readonly refresh: MetadataRefresh;
  readonly library: SamlLibrary;
  readonly verify: ResponseVerifier;
  readonly newId: () => string;
  readonly now: () => Date;
}
