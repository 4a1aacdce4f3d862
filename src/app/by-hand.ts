import { makeChecklists, type Checklists } from '../manual/confirm.js';
import { makeImports, type Imports } from '../manual/imports.js';
import { makeImportStore } from '../store/manual/imports.js';
import { makeRecordReader } from '../store/manual/record-reader.js';
import { makeStepStore } from '../store/manual/steps.js';
import type { Services } from './services.js';

export interface ByHand {
  readonly checklists: Checklists;
  readonly imports: Imports;
}

/** What people do where a phone system has no API: tick steps, import lists. */
export function buildByHand(services: Services, nudge: (tenantId: string) => void): ByHand {
  const { database, clock, newId, providers, accounts, accountStore } = services;
  const now = () => clock.now();
  return {
    checklists: makeChecklists({ steps: makeStepStore(database), now, nudge }),
    imports: makeImports({
      imports: makeImportStore(database),
      records: makeRecordReader(database),
      definition: providers.definition,
      async replan({ tenantId, id }, { resumes, actor }) {
        const account = await accountStore.find(tenantId, id);
        if (account === null) return;
        if (resumes) await accounts.setPaused(account, null, actor);
        await services.lookAgain(account);
        nudge(tenantId);
      },
      newId,
      now,
    }),
  };
}
