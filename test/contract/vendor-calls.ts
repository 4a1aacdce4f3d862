import type { HttpRequest, SendHttp } from '../../src/providers/port.js';
import type { OpenOptions, VendorCall } from './harness.js';

/** How each kind of request looks on the wire; several kinds may look alike. `path` is a regular expression. */
export type CallPatterns = Readonly<
  Partial<Record<VendorCall, { readonly method: HttpRequest['method']; readonly path: string }>>
>;

/** The kind of a request; the first that matches. */
export function callOf(patterns: CallPatterns, { method, url }: HttpRequest): VendorCall | null {
  const { pathname } = new URL(url);
  const found = Object.entries(patterns).find(
    ([, pattern]) => pattern.method === method && new RegExp(pattern.path).test(pathname),
  );
  return (found?.[0] as VendorCall | undefined) ?? null;
}

/** `send`, with what a case wants to happen right before a request. */
export function hookedSend(send: SendHttp, patterns: CallPatterns, { beforeRequest }: OpenOptions): SendHttp {
  let count = 0;
  return async (request) => {
    count += 1;
    await beforeRequest?.(callOf(patterns, request), count, request);
    return send(request);
  };
}
