import type { DirectorySnapshot, DirectoryUser } from '../directory.js';
import { personName } from '../person-name.js';
import type { Notice } from '../plan.js';
import type { LeaverFact, SubjectIdentity, SubjectState } from '../state.js';
import type { Takeover } from '../takeover.js';
import type { CompiledRules } from './compile.js';
import { deriveEntitlements } from './derive.js';
import { graceOfLeaver } from './grace.js';

export interface DerivedSubjects {
  /** Nobody is here who is not in the snapshot, nor anybody of whom the rules cannot tell (invariant 4). */
  readonly subjects: readonly SubjectState[];
  readonly notices: readonly Notice[];
}

/** What people took over from leavers in the account, by person. */
export type Takeovers = ReadonlyMap<string, readonly Takeover[]>;

/**
 * What the rules want for every user of the snapshot. A leaver is somebody of whom a fact is known: inactive,
 * deleted, or present, active and granted nothing (`unmapped`).
 */
export function deriveSubjects(
  rules: CompiledRules,
  snapshot: DirectorySnapshot,
  takeovers: Takeovers = new Map(),
): DerivedSubjects {
  const subjects: SubjectState[] = [];
  const notices: Notice[] = [...rules.notices];
  for (const user of snapshot.users) {
    const outcome = deriveSubject(rules, user, takeovers.get(user.id) ?? []);
    if (outcome.subject !== null) subjects.push(outcome.subject);
    notices.push(...outcome.notices);
  }
  return { subjects, notices };
}

interface DerivedSubject {
  readonly subject: SubjectState | null;
  readonly notices: readonly Notice[];
}

function deriveSubject(
  rules: CompiledRules,
  user: DirectoryUser,
  takeovers: readonly Takeover[],
): DerivedSubject {
  if (user.status !== 'active') return leaver(rules, user, user.status);
  const derivation = deriveEntitlements(rules, user, takeovers);
  switch (derivation.type) {
    case 'granted':
      return {
        subject: { ...identity(user), type: 'wanted', derived: derivation.derived },
        notices: derivation.notices,
      };
    case 'denied':
    case 'none':
      return leaver(rules, user, 'unmapped');
    case 'uncertain':
      return { subject: null, notices: [uncertainNotice(user, derivation.because)] };
  }
}

function leaver(rules: CompiledRules, user: DirectoryUser, fact: LeaverFact): DerivedSubject {
  const subject = { ...identity(user), type: 'leaver', fact, ...graceOfLeaver(rules, user) } as const;
  return { subject, notices: [] };
}

function identity(user: DirectoryUser): SubjectIdentity {
  return { subjectId: user.id, userName: user.userName, email: user.email, ...personName(user) };
}

function uncertainNotice(user: DirectoryUser, because: { readonly ruleId: string }): Notice {
  return {
    code: 'unknown-group',
    subjectId: user.id,
    providerUserId: null,
    message: `Whether ${user.userName} should have an agent hinges on rule "${because.ruleId}", whose group the directory does not show clearly. Nothing is granted to or taken from them until the rule is mended.`,
  };
}
