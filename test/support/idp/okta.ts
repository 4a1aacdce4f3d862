import { startIdpServer, type Answer, type Asked, type IdpServer } from './server.js';

export interface OktaPerson {
  readonly id: string;
  readonly status: string;
  readonly login: string;
  readonly title?: string;
}

export interface OktaSwitches {
  /** Requests a minute; past them 429 until the next full minute. */
  perMinute: number;
  /** Where links lead; null: here. */
  linksTo: string | null;
  /** Answers of every request; null: as it should be. */
  broken: Answer | null;
}

export interface OktaServer extends IdpServer {
  readonly appId: string;
  readonly token: string;
  /** Assigned to the application. */
  readonly assigned: OktaPerson[];
  /** Known, but not assigned. */
  readonly others: OktaPerson[];
  readonly groups: { id: string; name: string; memberIds: string[] }[];
  readonly switches: OktaSwitches;
}

const DEFAULT_PAGE = 50;
const MAX_PAGE = 500;

/** Okta's API as interop.md 6 has it: opaque cursors in Link headers, small default pages, limits a minute. */
export async function startOkta(): Promise<OktaServer> {
  const assigned: OktaPerson[] = [];
  const others: OktaPerson[] = [];
  const groups: OktaServer['groups'] = [];
  const switches: OktaSwitches = { perMinute: 10_000, linksTo: null, broken: null };
  const [appId, token] = ['0oaSim', '00secretSim'];
  const used = new Map<number, number>();

  const server = await startIdpServer((asked, origin, clock) => {
    if (asked.authorization !== `SSWS ${token}`) return { status: 401, body: { errorCode: 'E0000011' } };
    if (switches.broken !== null) return switches.broken;
    const minute = Math.floor(clock.now().getTime() / 60_000);
    const count = (used.get(minute) ?? 0) + 1;
    used.set(minute, count);
    const limits = {
      'x-rate-limit-limit': String(switches.perMinute),
      'x-rate-limit-remaining': String(Math.max(0, switches.perMinute - count)),
      'x-rate-limit-reset': String((minute + 1) * 60),
    };
    if (count > switches.perMinute) return { status: 429, headers: limits, body: { errorCode: 'E0000047' } };
    const answer = route(asked, switches.linksTo ?? origin);
    return { ...answer, headers: { ...limits, ...answer.headers } };
  });

  function route({ url }: Asked, origin: string): Answer {
    const parts = url.pathname.split('/').slice(3);
    const [what, id, list] = parts;
    if (what === 'users') {
      const found = [...assigned, ...others].find((one) => one.id === id);
      return found === undefined ? { status: 404, body: { errorCode: 'E0000007' } } : { body: toUser(found) };
    }
    if (what === 'groups') {
      const group = groups.find((one) => one.id === id);
      if (group === undefined) return { status: 404 };
      if (list === 'users')
        return pageOf(
          url,
          origin,
          group.memberIds.map((member) => ({ id: member })),
        );
      return { body: { id: group.id, profile: { name: group.name } } };
    }
    if (what !== 'apps' || id !== appId) return { status: 404 };
    if (list === undefined) return { body: { id: appId, label: 'Patchbay' } };
    if (list === 'groups')
      return pageOf(
        url,
        origin,
        groups.map((group) => ({ id: group.id })),
      );
    return pageOf(
      url,
      origin,
      assigned.map((one) => ({
        id: one.id,
        credentials: { userName: one.login },
        _embedded: { user: toUser(one) },
      })),
    );
  }

  return { ...server, appId, token, assigned, others, groups, switches };
}

/** `after` is a word of ours that nobody can guess: whoever builds addresses of pages himself gets nothing. */
function pageOf(url: URL, origin: string, all: readonly unknown[]): Answer {
  const limit = Math.min(MAX_PAGE, Number(url.searchParams.get('limit') ?? DEFAULT_PAGE));
  const after = url.searchParams.get('after');
  const start = after === null ? 0 : Number(Buffer.from(after, 'base64url').toString());
  if (!Number.isInteger(start)) return { status: 400 };
  const body = all.slice(start, start + limit);
  const self = `<${origin}${url.pathname}${url.search}>; rel="self"`;
  if (start + limit >= all.length) return { body, headers: { link: self } };
  const next = new URL(url.pathname + url.search, origin);
  next.searchParams.set('after', Buffer.from(String(start + limit)).toString('base64url'));
  return { body, headers: { link: `${self}, <${next.href}>; rel="next"` } };
}

function toUser({ id, status, login, title }: OktaPerson) {
  return {
    id,
    status,
    profile: {
      login,
      email: login,
      firstName: `Given ${id}`,
      lastName: `Family ${id}`,
      title: title ?? null,
    },
  };
}
