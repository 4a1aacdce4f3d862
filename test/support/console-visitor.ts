import type { Router } from 'express';
import type { ConsoleRole } from '../../src/sso/console-role.js';
import type { ConsoleWorld } from './console-world.js';

export interface Seen {
  readonly status: number;
  readonly location: string | null;
  readonly html: string;
  readonly headers: Headers;
}

/** Somebody at the console without a browser: follows nothing by itself. */
export interface Visitor {
  /** Any request with the person's cookie. */
  send(path: string, init: RequestInit): Promise<Seen>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Seen>;
  /** Sends a form with the session's own token unless `fields` has one. */
  post(
    path: string,
    fields?: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Seen>;
}

export async function visit(
  world: ConsoleWorld,
  tenantId: string,
  role: ConsoleRole | null,
): Promise<Visitor> {
  const cookie = role === null ? null : await world.signIn(tenantId, role);
  const send = async (path: string, init: RequestInit): Promise<Seen> => {
    const headers = {
      ...Object.fromEntries(new Headers(init.headers)),
      ...(cookie === null ? {} : { cookie }),
    };
    const response = await fetch(`${world.origin}/console${path}`, { redirect: 'manual', ...init, headers });
    const { status } = response;
    return {
      status,
      location: response.headers.get('location'),
      html: await response.text(),
      headers: response.headers,
    };
  };
  const get: Visitor['get'] = (path, headers = {}) => send(path, { headers });
  const token = role === null ? '' : csrfOf((await get('/people')).html);
  return {
    send,
    get,
    post: (path, fields = {}, headers = {}) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams({ _csrf: token, ...fields }),
      }),
  };
}

export function csrfOf(html: string): string {
  return /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
}

export interface Route {
  readonly method: 'get' | 'post';
  readonly path: string;
}

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle?: { readonly stack?: readonly Layer[] };
}

/** Every route of a router, so that a list in a test can be shown to be complete. */
export function routesOf(router: Router): readonly Route[] {
  const layers = router.stack as unknown as readonly Layer[];
  return layers.flatMap((layer): readonly Route[] => {
    const inner = layer.handle?.stack;
    if (layer.route === undefined)
      return inner === undefined ? [] : routesOf({ stack: inner } as unknown as Router);
    const { path, methods } = layer.route;
    return (['get', 'post'] as const).filter((method) => methods[method]).map((method) => ({ method, path }));
  });
}
