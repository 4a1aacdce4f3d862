import { makeAuditChain, type AuditChain } from '../administration/audit-chain.js';
import { verifyAuditChain } from '../audit/verify.js';
import { makeChainCheckStore } from '../store/console/audit-checks.js';
import type { Services } from './services.js';

export function buildAuditChain({ database, clock }: Pick<Services, 'database' | 'clock'>): AuditChain {
  return makeAuditChain({
    store: makeChainCheckStore(database),
    verify: (tenantId) => verifyAuditChain(database, tenantId),
    now: () => clock.now(),
  });
}
