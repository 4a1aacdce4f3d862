import type { Tenant } from '../../tenancy/ports.js';
import type { Connections } from '../connections.js';
import type { SetupLinks } from '../setup-links.js';
import type { SetupProgress } from '../setup-ports.js';
import type { Traces } from '../traces.js';
import type { SetupAccounts, SetupDirectory, SetupRules, SetupTokens } from './ports.js';
import type { SetupState } from './state.js';

export interface SetupDeps {
  readonly findTenant: (tenantId: string) => Promise<Pick<Tenant, 'id' | 'slug' | 'name'> | null>;
  readonly setupLinks: SetupLinks;
  readonly connections: Connections;
  readonly traces: Pick<Traces, 'recent'>;
  readonly tokens: SetupTokens;
  readonly directory: SetupDirectory;
  readonly rules: SetupRules;
  readonly accounts: SetupAccounts;
  /** Tells the workers that a tenant has something to do. */
  readonly nudge: (tenantId: string) => void;
  readonly now: () => Date;
}

/** Who did it, for the audit trail. */
export function actorOf({ link }: Pick<SetupState, 'link'>): string {
  return `setup-link:${link.label}`;
}

/** Saves where the set-up stands and reads it again. Throws AppError `stale` when another window was faster. */
export async function save(
  deps: Pick<SetupDeps, 'setupLinks' | 'connections'>,
  { tenant, link, connection }: SetupState,
  progress: SetupProgress,
): Promise<SetupState> {
  const saved = await deps.setupLinks.save(link, progress, connection?.id ?? null);
  return { tenant, link: saved, connection };
}
