import { describe, expect, it } from 'vitest';
import { findAccountDrift } from '../../src/domain/findings/account.js';
import { calculatePlan } from '../../src/domain/planning/calculate.js';
import { compileRules } from '../../src/domain/rules/compile.js';
import { managedNames } from '../../src/domain/rules/managed.js';
import { deriveSubjects } from '../../src/domain/rules/subjects.js';
import { AIRCALL, NOW, planInput, snapshot } from '../support/domain.js';
import { largeTenant } from '../support/large-tenant.js';
import { countSteps } from '../support/steps.js';

// A busy machine must not turn many runs into a failure.
/** Blocks of our code entered while the drift of a tenant of this size is found, and how much is found. */
async function costOf(people: number, teams: number): Promise<{ steps: number; findings: number }> {
  const { ruleSet, groups, users, actual, links } = largeTenant(people, teams);
  const rules = compileRules(ruleSet, { name: 'A' }, groups);
  const { subjects } = deriveSubjects(rules, snapshot(users, groups));
  const gone = actual.teams.filter((_, number) => number % 5 === 0);
  const missing = new Set(gone.map(({ name }) => name));
  const reading = {
    ...actual,
    teams: actual.teams.filter(({ name }) => !missing.has(name)),
    agents: actual.agents.map((agent) => ({
      ...agent,
      teams: agent.teams.filter((team) => !missing.has(team)),
    })),
  };
  const input = planInput({ subjects, actual: reading, links, managed: managedNames(rules) });
  const plan = calculatePlan(input);
  const states = new Map(subjects.map((one) => [one.subjectId, one]));
  let findings = 0;
  const steps = await countSteps('/domain/', () => {
    findings = findAccountDrift({
      plan,
      actual: reading,
      links,
      states,
      capabilities: AIRCALL,
      invitations: { validDays: 15, sentAt: new Map() },
      lastUse: new Map(),
      tasks: [],
      baseline: null,
      now: NOW,
    }).findings.length;
  });
  return { steps, findings };
}

describe('the cost of findings', () => {
  it('grows as the number of people does, apart from sorting them', async () => {
    await costOf(100, 50);
    const few = await costOf(500, 50);
    const many = await costOf(5000, 50);

    expect(few.findings).toBeGreaterThan(50);
    expect(many.findings / few.findings).toBeGreaterThan(5);
    expect(many.steps / few.steps).toBeLessThan(13);
  });

  it('per person does not grow with the number of teams', async () => {
    await costOf(100, 50);
    const few = await costOf(2000, 50);
    const many = await costOf(2000, 500);

    expect(many.steps / few.steps).toBeLessThan(2);
  });
});
