import type { DirectorySnapshot } from '../../domain/directory.js';
import type { RuleSet } from '../../domain/mapping.js';
import type { Notice } from '../../domain/plan.js';
import { compileRules } from '../../domain/rules/compile.js';
import { managedNames, type ManagedNames } from '../../domain/rules/managed.js';
import { deriveSubjects, type Takeovers } from '../../domain/rules/subjects.js';
import type { SubjectState } from '../../domain/state.js';
import type { EngineAccount } from '../account.js';
import type { DirectoryReader, RuleSetReader, TakeoverReader } from '../ports.js';

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
  readonly takeovers: TakeoverReader;
}

/** null: the tenant has no rules yet, so nothing is wanted of anybody and nobody is a leaver. */
export async function derivePeople(
  { directory, rules, takeovers }: PeopleDeps,
  account: EngineAccount,
  subjectIds: 'all' | readonly string[],
): Promise<People | null> {
  const ruleSet = await rules.current(account.tenantId);
  if (ruleSet === null) return null;
  const snapshot = await directory.snapshot(account.tenantId, subjectIds);
  return deriveFrom(ruleSet, account, snapshot, await takeovers.list(account, subjectIds));
}

function deriveFrom(
  ruleSet: RuleSet,
  account: EngineAccount,
  snapshot: DirectorySnapshot,
  takeovers: Takeovers,
): People {
  const compiled = compileRules(ruleSet, account, snapshot.groups);
  const { subjects, notices } = deriveSubjects(compiled, snapshot, takeovers);
  return {
    ruleSet,
    directoryVersion: snapshot.version,
    states: new Map(subjects.map((subject) => [subject.subjectId, subject])),
    notices,
    managed: managedNames(compiled),
  };
}
