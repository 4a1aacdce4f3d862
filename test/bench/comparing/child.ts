import { readFileSync } from 'node:fs';
import { findAccountDrift } from '../../../src/domain/findings/account.js';
import { calculatePlan } from '../../../src/domain/planning/calculate.js';
import { compileRules } from '../../../src/domain/rules/compile.js';
import { managedNames } from '../../../src/domain/rules/managed.js';
import { deriveSubjects } from '../../../src/domain/rules/subjects.js';
import { AIRCALL, NOW, planInput, snapshot } from '../../support/domain.js';
import type { LargeTenant } from '../../support/large-tenant.js';

/** What one process needed to compare a whole account: CPU in milliseconds, memory in megabytes. */
export interface Cost {
  readonly parseMs: number;
  readonly compareMs: number;
  readonly peakMb: number;
  readonly changes: number;
  readonly findings: number;
}

const cpuMs = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

function compare(tenant: LargeTenant): { changes: number; findings: number } {
  const { ruleSet, groups, users, actual, links } = tenant;
  const rules = compileRules(ruleSet, { name: 'A' }, groups);
  const { subjects } = deriveSubjects(rules, snapshot(users, groups));
  const plan = calculatePlan(planInput({ subjects, actual, links, managed: managedNames(rules) }));
  const { findings } = findAccountDrift({
    plan,
    actual,
    links,
    states: new Map(subjects.map((one) => [one.subjectId, one])),
    capabilities: AIRCALL,
    invitations: { validDays: 15, sentAt: new Map() },
    lastUse: new Map(),
    tasks: [],
    baseline: null,
    now: NOW,
  });
  return { changes: plan.changes.length, findings: findings.length };
}

/** Reads the snapshot that the file holds, as it comes from the database: part by part, each text gone when it is read. */
function main(folder: string): void {
  const started = process.cpuUsage();
  const part = <T>(name: string): T => JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as T;
  const tenant: LargeTenant = {
    ruleSet: part('ruleSet'),
    groups: part('groups'),
    users: part('users'),
    actual: part('actual'),
    links: part('links'),
  };
  const parseMs = cpuMs(started);
  const begun = process.cpuUsage();
  const counts = compare(tenant);
  const compareMs = cpuMs(begun);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ parseMs, compareMs, peakMb, ...counts } satisfies Cost));
}

main(process.argv[2] ?? '');
