import { makeAuditor, type Auditor } from '../report/history/auditor.js';
import { readChanged, readHistory } from '../store/report/history.js';
import { listHolders } from '../store/report/holders.js';
import { readNames } from '../store/report/names.js';
import type { Services } from './services.js';

/** Answers for auditors on this process's database. */
export function buildAuditor({ database, accountStore, clock }: Services): Auditor {
  return makeAuditor({
    events: (tenantId, until, people) =>
      readHistory(database, tenantId, { from: null, until, ...(people && { subjectIds: people }) }),
    holders: (tenantId, query) => listHolders(database, tenantId, query),
    changed: (tenantId, period) => readChanged(database, tenantId, period),
    people: (tenantId, people) => readNames(database, tenantId, people),
    async accounts(tenantId) {
      return new Map((await accountStore.list(tenantId)).map(({ id, name }) => [id, name]));
    },
    now: () => clock.now(),
  });
}
