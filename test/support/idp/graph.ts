import { startIdpServer, type Answer, type Asked, type IdpServer } from './server.js';

interface Change {
  readonly id: string;
  readonly [property: string]: unknown;
}

export interface GraphSwitches {
  pageSize: number;
  /** How a token of a list that is too old is refused. */
  expiry: { status: 410 | 400; body: unknown };
  /** The next requests that are answered with 429 and these seconds. */
  limitNext: number;
  retryAfterSeconds: number;
}

export interface GraphServer extends IdpServer {
  readonly config: Readonly<Record<string, unknown>>;
  readonly secret: string;
  readonly switches: GraphSwitches;
  /** Writes down what changed; a change holds only what changed. */
  change(list: 'users' | 'groups', change: Change): void;
  /** From here on tokens given out before are refused. */
  expireTokens(): void;
  /** Access tokens given out before are refused. */
  expireAccess(): void;
}

const TENANT = 'acme-tenant';

/** Microsoft Graph's lists of changes as interop.md 6 has them. */
export async function startGraph(): Promise<GraphServer> {
  const secret = 'graph-secret';
  const log = { users: [] as Change[], groups: [] as Change[] };
  const switches: GraphSwitches = {
    pageSize: 100,
    expiry: { status: 410, body: { error: { code: 'syncStateNotFound' } } },
    limitNext: 0,
    retryAfterSeconds: 7,
  };
  let generation = 0;
  let access = 0;

  const server = await startIdpServer((asked, origin) => {
    if (asked.url.pathname === `/${TENANT}/oauth2/v2.0/token`) return grant(asked);
    if (asked.authorization !== `Bearer access-${access}`) return { status: 401, body: {} };
    if (switches.limitNext > 0) {
      switches.limitNext -= 1;
      return { status: 429, headers: { 'retry-after': String(switches.retryAfterSeconds) }, body: {} };
    }
    return route(asked, origin);
  });

  function grant({ method, form }: Asked): Answer {
    const isRight =
      method === 'POST' &&
      form.get('grant_type') === 'client_credentials' &&
      form.get('client_id') === 'acme-client' &&
      form.get('client_secret') === secret;
    if (!isRight) return { status: 401, body: { error: 'invalid_client' } };
    return { body: { token_type: 'Bearer', expires_in: 3599, access_token: `access-${access}` } };
  }

  function route({ url }: Asked, origin: string): Answer {
    const [, , list, id] = url.pathname.split('/');
    if (list !== 'users' && list !== 'groups') return { status: 404 };
    if (id === undefined) return { body: { value: log[list].slice(0, 1).map((one) => ({ id: one.id })) } };
    if (id !== 'delta') {
      const found = current(log[list]).get(id);
      return found === undefined ? { status: 404, body: {} } : { body: found };
    }
    return delta(url, origin, list);
  }

  /** A token says where in the log a list goes on, up to where it began; `$skiptoken` within one reading. */
  function delta(url: URL, origin: string, list: 'users' | 'groups'): Answer {
    const token = url.searchParams.get('$skiptoken') ?? url.searchParams.get('$deltatoken');
    const [position = 0, end = log[list].length, given = generation] =
      token === null ? [] : token.split('-').map(Number);
    if (given !== generation) return switches.expiry;
    const until = url.searchParams.has('$deltatoken') ? log[list].length : end;
    const value = log[list].slice(position, Math.min(until, position + switches.pageSize));
    const next = position + value.length;
    const link = (name: string, word: string) =>
      `${origin}/v1.0/${list}/delta?${name}=${encodeURIComponent(word)}`;
    return {
      body: {
        value,
        ...(next < until
          ? { '@odata.nextLink': link('$skiptoken', `${next}-${until}-${generation}`) }
          : { '@odata.deltaLink': link('$deltatoken', `${next}-0-${generation}`) }),
      },
    };
  }

  return {
    ...server,
    secret,
    switches,
    config: {
      tenantId: TENANT,
      clientId: 'acme-client',
      loginUrl: server.origin,
      graphUrl: `${server.origin}/v1.0`,
    },
    change: (list, change) => void log[list].push(change),
    expireTokens: () => {
      generation += 1;
    },
    expireAccess: () => {
      access += 1;
    },
  };
}

function current(log: readonly Change[]): ReadonlyMap<string, object> {
  const now = new Map<string, object>();
  for (const change of log) now.set(change.id, { ...now.get(change.id), ...change });
  return now;
}
