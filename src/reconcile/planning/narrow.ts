import { emailKey } from '../../domain/email.js';
import type { ActualState, SubjectState } from '../../domain/state.js';
import type { StoredLink } from '../links.js';
import type { Reading } from './reading.js';

export interface Surroundings extends Reading {
  readonly links: readonly StoredLink[];
}

/**
 * What of a reading concerns some people: their agents and whoever has their e-mail. A plan for one person says
 * nothing about the rest of the account, however much of it was read.
 */
export function narrowTo(
  states: ReadonlyMap<string, SubjectState>,
  { actual, askedAgents, links }: Surroundings,
): Surroundings {
  const emails = new Set(
    [...states.values()].flatMap(({ email }) => (email === null ? [] : [emailKey(email)])),
  );
  const own = new Set(
    links.filter(({ subjectId }) => states.has(subjectId)).map(({ providerUserId }) => providerUserId),
  );
  const agents = actual.agents.filter(
    ({ providerUserId, email }) => own.has(providerUserId) || emails.has(emailKey(email)),
  );
  const near = new Set(agents.map(({ providerUserId }) => providerUserId));
  return {
    actual: { ...actual, scope: 'subjects', agents },
    askedAgents: actual.scope === 'all' ? [...own] : askedAgents,
    links: links.filter(({ subjectId, providerUserId }) => states.has(subjectId) || near.has(providerUserId)),
  };
}

/**
 * Other people whose link holds an agent with the e-mail of somebody here who has none: whether the agent can be
 * taken over hinges on whether they were deleted from the directory.
 */
export function findPredecessors(
  states: ReadonlyMap<string, SubjectState>,
  links: readonly StoredLink[],
  actual: ActualState,
): readonly string[] {
  const linked = new Set(links.map(({ subjectId }) => subjectId));
  const searching = new Set(
    [...states.values()].flatMap(({ type, subjectId, email }) =>
      type === 'wanted' && email !== null && !linked.has(subjectId) ? [emailKey(email)] : [],
    ),
  );
  if (searching.size === 0) return [];
  const found = new Set(
    actual.agents
      .filter(({ email }) => searching.has(emailKey(email)))
      .map(({ providerUserId }) => providerUserId),
  );
  return links
    .filter(({ providerUserId, subjectId }) => found.has(providerUserId) && !states.has(subjectId))
    .map(({ subjectId }) => subjectId);
}
