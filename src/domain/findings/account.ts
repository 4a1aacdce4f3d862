import { findDirectAccess } from './direct-access.js';
import { findDrifted } from './drifted.js';
import { compareFindings, type Finding } from './finding.js';
import type { AccountFindingInput, Baseline } from './input.js';
import { findPeople } from './people.js';
import { findRouting } from './routing.js';
import { makeSurvey } from './survey.js';
import { findTeams } from './teams.js';
import { findInvitations, findOwners, findParkedUse, findTasks, findWithoutNumber } from './upkeep.js';

export interface AccountFindings {
  /** Gravest first; every key once. */
  readonly findings: readonly Finding[];
  /** To be kept for the next comparison. */
  readonly baseline: Baseline;
}

/**
 * Every difference between the phone system on the one side and what was last applied and what the rules say on the
 * other. Linear in agents, memberships and links; needs a reading of the whole account, for of an incomplete one
 * nothing may be concluded.
 */
export function findAccountDrift(input: AccountFindingInput): AccountFindings {
  const survey = makeSurvey(input);
  const { rest, emptied } = findTeams(survey);
  const { ringing, ordinary } = findRouting(survey, emptied);
  findDrifted(survey, [...rest, ...ordinary]);
  findDirectAccess(survey, parkedAlready(survey.findings));
  findPeople(survey);
  findInvitations(survey);
  findWithoutNumber(survey);
  findParkedUse(survey, parkedAlready(survey.findings));
  findTasks(survey);
  const { ownerCount } = findOwners(survey);
  return { findings: survey.findings.toSorted(compareFindings), baseline: { ringing, ownerCount } };
}

function parkedAlready(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(
    findings.flatMap((one) =>
      one.class === 'parked-active' && one.providerUserId !== null ? [one.providerUserId] : [],
    ),
  );
}
