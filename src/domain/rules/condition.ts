import { attributeValues } from '../attribute-paths.js';
import type { DirectoryUser } from '../directory.js';
import type { AttributeTest, Condition } from '../mapping.js';
import { type GroupIndex, type ResolvedGroup, describeGroup, resolveGroup } from './groups.js';

/** `unknown`: a group the rule names cannot be resolved and the person might be in it. */
export type Truth = 'yes' | 'no' | 'unknown';

export interface Person {
  readonly user: DirectoryUser;
  readonly groupIds: ReadonlySet<string>;
  /** In a group that no rule names: possibly the one that a rule still calls by its old name. */
  readonly hasStrayGroup: boolean;
}

export interface Outcome {
  readonly truth: Truth;
  /** What matched, in words. */
  readonly because: string;
}

/**
 * Who can be affected at all: members of these groups, or (`stray`) people in a group that no rule names.
 * null: everybody has to be asked.
 */
export type Trigger = { readonly groupIds: readonly string[]; readonly stray: boolean } | null;

export interface CompiledCondition {
  readonly trigger: Trigger;
  evaluate(person: Person): Outcome;
}

/** Turns a condition into a test, once per rule set and directory. */
export function compileCondition(condition: Condition, groups: GroupIndex): CompiledCondition {
  switch (condition.type) {
    case 'group':
      return compileGroup(resolveGroup(groups, condition.group), describeGroup(condition.group));
    case 'attribute':
      return compileAttribute(condition.path, condition.test);
    case 'all':
      return compileAll(condition.conditions.map((part) => compileCondition(part, groups)));
    case 'any':
      return compileAny(condition.conditions.map((part) => compileCondition(part, groups)));
    case 'not':
      return compileNot(compileCondition(condition.condition, groups));
  }
}

function compileGroup(group: ResolvedGroup, because: string): CompiledCondition {
  const evaluate = (person: Person): Outcome => ({ truth: membership(group, person), because });
  switch (group.type) {
    case 'found':
      return { trigger: { groupIds: [group.id], stray: false }, evaluate };
    case 'ambiguous':
      return { trigger: { groupIds: group.ids, stray: false }, evaluate };
    case 'missing':
      return { trigger: { groupIds: [], stray: true }, evaluate };
  }
}

function membership(group: ResolvedGroup, person: Person): Truth {
  switch (group.type) {
    case 'found':
      return person.groupIds.has(group.id) ? 'yes' : 'no';
    case 'ambiguous':
      if (group.ids.every((id) => person.groupIds.has(id))) return 'yes';
      return group.ids.some((id) => person.groupIds.has(id)) ? 'unknown' : 'no';
    case 'missing':
      return person.hasStrayGroup ? 'unknown' : 'no';
  }
}

function compileAttribute(path: string, test: AttributeTest): CompiledCondition {
  const matches = compileTest(test);
  const because = `${path} ${describeTest(test)}`;
  return {
    trigger: null,
    evaluate: ({ user }) => ({ truth: attributeValues(user, path).some(matches) ? 'yes' : 'no', because }),
  };
}

function compileTest(test: AttributeTest): (value: string) => boolean {
  switch (test.op) {
    case 'equals': {
      const wanted = fold(test.value);
      return (value) => fold(value) === wanted;
    }
    case 'in': {
      const wanted = new Set(test.values.map(fold));
      return (value) => wanted.has(fold(value));
    }
    case 'startsWith': {
      const wanted = fold(test.value);
      return (value) => fold(value).startsWith(wanted);
    }
    case 'contains': {
      const wanted = fold(test.value);
      return (value) => fold(value).includes(wanted);
    }
    case 'present':
      return () => true;
  }
}

function describeTest(test: AttributeTest): string {
  switch (test.op) {
    case 'equals':
      return `is "${test.value}"`;
    case 'in':
      return `is one of ${test.values.map((value) => `"${value}"`).join(', ')}`;
    case 'startsWith':
      return `starts with "${test.value}"`;
    case 'contains':
      return `contains "${test.value}"`;
    case 'present':
      return 'is set';
  }
}

function fold(value: string): string {
  return value.trim().toLowerCase();
}

function compileAll(parts: readonly CompiledCondition[]): CompiledCondition {
  return {
    trigger: narrowest(parts.map(({ trigger }) => trigger)),
    evaluate: (person) => {
      const outcomes = parts.map((part) => part.evaluate(person));
      const decisive =
        outcomes.find(({ truth }) => truth === 'no') ?? outcomes.find(({ truth }) => truth === 'unknown');
      return decisive ?? { truth: 'yes', because: outcomes.map(({ because }) => because).join(' and ') };
    },
  };
}

function compileAny(parts: readonly CompiledCondition[]): CompiledCondition {
  return {
    trigger: widest(parts.map(({ trigger }) => trigger)),
    evaluate: (person) => {
      const outcomes = parts.map((part) => part.evaluate(person));
      const decisive =
        outcomes.find(({ truth }) => truth === 'yes') ?? outcomes.find(({ truth }) => truth === 'unknown');
      return decisive ?? { truth: 'no', because: outcomes.map(({ because }) => because).join(' or ') };
    },
  };
}

function compileNot(part: CompiledCondition): CompiledCondition {
  const opposite = { yes: 'no', no: 'yes', unknown: 'unknown' } as const;
  return {
    trigger: null,
    evaluate: (person) => {
      const { truth, because } = part.evaluate(person);
      return { truth: opposite[truth], because: `not ${because}` };
    },
  };
}

/** All parts must hold, so the part that fewest people can meet is enough to find them. */
function narrowest(triggers: readonly Trigger[]): Trigger {
  const limited = triggers.filter((trigger) => trigger !== null);
  return limited.toSorted((a, b) => weight(a) - weight(b))[0] ?? null;
}

function weight(trigger: NonNullable<Trigger>): number {
  return trigger.groupIds.length + (trigger.stray ? 1 : 0);
}

function widest(triggers: readonly Trigger[]): Trigger {
  const limited = triggers.filter((trigger) => trigger !== null);
  if (limited.length < triggers.length) return null;
  return {
    groupIds: [...new Set(limited.flatMap(({ groupIds }) => groupIds))],
    stray: limited.some(({ stray }) => stray),
  };
}
