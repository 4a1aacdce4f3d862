import { AppError } from '../../domain/errors.js';
import type { OnReadProgress } from '../port.js';
import type { SmartfloCall, SmartfloClient } from './client.js';
import { unknownShape } from './errors.js';
import { UserPage, type ListedUser } from './schema.js';
import type { SmartfloConfig } from './settings.js';

const PASSES_MAX = 4;
const CALL = { purpose: 'list the users', method: 'GET', route: '/v1/users' } as const;

export interface ReadUsersOptions {
  /** Ends the list at the user that was looked for. */
  readonly until?: (user: ListedUser) => boolean;
  readonly onProgress?: OnReadProgress | undefined;
}

/**
 * The users of the account, or an error: never a shorter list. The cursor cannot skip anybody who stays: a page
 * begins after the last id of the one before. What can go wrong is a page that is shorter than it says, or empty
 * although more was announced; then the pass is made again.
 * @throws AppError `unavailable` when announced pages keep vanishing, `contract` when pages are persistently short
 */
export async function readUsers(
  client: SmartfloClient,
  config: Pick<SmartfloConfig, 'usersPerPage' | 'listCount'>,
  options: ReadUsersOptions = {},
): Promise<readonly ListedUser[]> {
  let pass: Pass = { type: 'moved' };
  for (let passes = 0; passes < PASSES_MAX; passes += 1) {
    pass = await readPass(client, config, options);
    if (pass.type === 'still') return pass.users;
  }
  throw pass.type === 'short' ? unknownShape(CALL, pass.problem) : neverStill();
}

type Pass =
  | { readonly type: 'still'; readonly users: readonly ListedUser[] }
  | { readonly type: 'moved' }
  | { readonly type: 'short'; readonly problem: string };

async function readPass(
  client: SmartfloClient,
  config: Pick<SmartfloConfig, 'usersPerPage' | 'listCount'>,
  { until = () => false, onProgress }: ReadUsersOptions,
): Promise<Pass> {
  const found = new Map<string, ListedUser>();
  for (let after: string | null = null; ;) {
    const page: UserPage = await client.request(toCall(config.usersPerPage, after), UserPage);
    const { users, count, hasMore } = page;
    if (config.listCount === 'page' && count !== null && count !== users.length) {
      return { type: 'short', problem: `a page holds ${users.length} users instead of ${count}` };
    }
    if (users.length === 0) return endOfList(found, hasMore);
    for (const user of users) {
      if (found.has(user.id)) throw unknownShape(CALL, 'a user of an earlier page');
      found.set(user.id, user);
    }
    // How many there are in all, no answer says.
    onProgress?.({ what: 'users', done: found.size, total: null });
    if (!hasMore || users.some(until)) return { type: 'still', users: [...found.values()] };
    after = page.lastSeenId ?? users.at(-1)?.id ?? null;
  }
}

/** A credential belongs to a user, so that there is at least one; and an empty page was announced as more. */
function endOfList(found: ReadonlyMap<string, ListedUser>, hasMore: boolean): Pass {
  if (found.size > 0 && !hasMore) return { type: 'moved' };
  throw unknownShape(CALL, 'an empty page where there must be users');
}

function toCall(limit: number, after: string | null): SmartfloCall {
  return { ...CALL, query: { limit, ...(after === null ? {} : { last_seen_id: after }) } };
}

function neverStill(): AppError {
  return new AppError(
    'unavailable',
    'Smartflo announced more users than it then showed, again and again, so the reading was given up before anything ' +
      'was concluded from it. Patchbay tries again by itself.',
    { fields: { route: 'GET /v1/users' } },
  );
}
