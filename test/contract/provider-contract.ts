import { describe } from 'vitest';
import { inapplicableCases } from './cases-of.js';
import { agentCases } from './cases/agents.js';
import { deletionCases } from './cases/deletions.js';
import { errorCases } from './cases/errors.js';
import { credentialCases } from './cases/credentials.js';
import { failureCases } from './cases/failures.js';
import { numberCases } from './cases/numbers.js';
import { readingCases } from './cases/readings.js';
import { listCases } from './cases/lists.js';
import { suspensionCases } from './cases/suspension.js';
import { teamCases } from './cases/teams.js';
import type { ContractSubject } from './harness.js';

/**
 * What every provider keeps to, run against its vendor's sandbox. Each case begins with a fresh account and ends by
 * planning again and demanding an empty plan. Cases about what the vendor's API does not do are left out.
 */
export function describeProviderContract(subject: ContractSubject): void {
  describe(`${subject.facts.definition.id} keeps the provider contract:`, () => {
    agentCases(subject);
    deletionCases(subject);
    suspensionCases(subject);
    teamCases(subject);
    numberCases(subject);
    readingCases(subject);
    credentialCases(subject);
    if (subject.facts.isAsked) {
      listCases(subject);
      errorCases(subject);
      failureCases(subject);
    }
    inapplicableCases(subject);
  });
}
