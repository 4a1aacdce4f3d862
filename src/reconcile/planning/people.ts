import type { DirectorySnapshot } from '../../domain/directory.js';
import type { RuleSet } from '../../domain/mapping.js';
import type { Notice } from '../../domain/plan.js';
import { compileRules } from '../../domain/rules/compile.js';
import { managedNames, type ManagedNames } from '../../domain/rules/managed.js';
import { deriveSubjects } from '../../domain/rules/subjects.js';
import type { SubjectState } from '../../domain/state.js';
import type { EngineAccount } from '../account.js';
import type { DirectoryReader, RuleSetReader } from '../ports.js';

/** What the rules want of some people, or of everybody. */
export interface People {
  readonly ruleSet: RuleSet;
  readonly directoryVersion: number;
  readonly states: ReadonlyMap<string, SubjectState>;
  readonly notices: readonly Notice[];
  readonly managed: ManagedNames;
}

export interface PeopleDeps {
  readonly directory: DirectoryReader;
  readonly rules: RuleSetReader;
}

/** null: the tenant has no rules yet, so nothing is wanted of anybody and nobody is a leaver. */
export async function derivePeople(
  { directory, rules }: PeopleDeps,
  account: EngineAccount,
  subjectIds: 'all' | readonly string[],
): Promise<People | null> {
  const ruleSet = await rules.current(account.tenantId);
  if (ruleSet === null) return null;
  return deriveFrom(ruleSet, account, await directory.snapshot(account.tenantId, subjectIds));
}

function deriveFrom(ruleSet: RuleSet, account: EngineAccount, snapshot: DirectorySnapshot): People {
  const compiled = compileRules(ruleSet, account, snapshot.groups);
  const { subjects, notices } = deriveSubjects(compiled, snapshot);
  return {
    ruleSet,
    directoryVersion: snapshot.version,
    states: new Map(subjects.map((subject) => [subject.subjectId, subject])),
    notices,
    managed: managedNames(compiled),
  };
}
