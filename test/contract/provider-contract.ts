import { describe } from 'vitest';
import { agentCases } from './cases/agents.js';
import { failureCases } from './cases/failures.js';
import { readingCases } from './cases/readings.js';
import { teamCases } from './cases/teams.js';
import type { StartHarness } from './harness.js';

/** What every provider keeps to, run against its vendor's sandbox. `start` makes a fresh account for each case. */
export function describeProviderContract(name: string, start: StartHarness): void {
  describe(`${name} keeps the provider contract:`, () => {
    agentCases(start);
    teamCases(start);
    readingCases(start);
    failureCases(start);
  });
}
