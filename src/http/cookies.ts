import type { CookieOptions, Request, Response } from 'express';

/** One cookie of ours. Not for scripts, and sent from other sites' pages with plain navigation only. */
export interface Cookie {
  read(request: Request): string | null;
  write(response: Response, value: string, maxAgeMs?: number): void;
  clear(response: Response): void;
}

/**
 * With an https public address the cookie's name begins with `__Host-`: browsers then refuse one that a neighbouring
 * host or an unencrypted page tries to plant.
 */
export function makeCookie(name: string, isSecure: boolean): Cookie {
  const fullName = isSecure ? `__Host-${name}` : name;
  const options: CookieOptions = { httpOnly: true, sameSite: 'lax', secure: isSecure, path: '/' };
  return {
    read: (request) => readCookie(request.headers.cookie ?? '', fullName),
    write(response, value, maxAgeMs) {
      response.cookie(fullName, value, maxAgeMs === undefined ? options : { ...options, maxAge: maxAgeMs });
    },
    clear(response) {
      response.clearCookie(fullName, options);
    },
  };
}

/** Our values are URL-safe as they are, so nothing is decoded. */
function readCookie(header: string, name: string): string | null {
  const pairs = header.split(';').map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(`${name}=`));
  return found === undefined ? null : found.slice(name.length + 1);
}
