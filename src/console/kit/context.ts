import type { Request } from 'express';
import { PERMISSIONS, type Permission } from '../../administration/permissions.js';
import { roleCovers } from '../../sso/console-role.js';
import type { SignedIn } from '../ports.js';

/** One request of somebody who is signed in. */
export interface PageContext {
  readonly session: SignedIn;
  readonly now: Date;
  readonly request: Request;
  /** For the audit trail, such as `console:ada@example.com`. */
  readonly actor: string;
  /** htmx asks for a piece of a page. */
  readonly isPartial: boolean;
  /** Why the form that was just sent changed nothing; null when none was. */
  readonly problem: string | null;
}

export type Query = Readonly<Record<string, string>>;

export function makeContext(session: SignedIn, request: Request, now: Date): PageContext {
  return {
    session,
    now,
    request,
    actor: `console:${session.email ?? session.displayName}`,
    isPartial: request.get('hx-request') === 'true',
    problem: null,
  };
}

/** Whether the person may do this. The server asks again when they do it; pages ask so as not to offer it in vain. */
export function can({ session }: Pick<PageContext, 'session'>, permission: Permission): boolean {
  return roleCovers(session.role, PERMISSIONS[permission]);
}

/** A query parameter that is there once, as text; empty otherwise. */
export function queryText({ request }: PageContext, name: string): string {
  const value = request.query[name];
  return typeof value === 'string' ? value.slice(0, 500) : '';
}

/** A query parameter that must be one of these; null otherwise. */
export function queryChoice<Choice extends string>(
  context: PageContext,
  name: string,
  choices: readonly Choice[],
): Choice | null {
  const value = queryText(context, name);
  return choices.find((choice) => choice === value) ?? null;
}

/** The cursor of a list page; null begins at the start. */
export function queryCursor(context: PageContext): string | null {
  const value = queryText(context, 'after');
  return value === '' ? null : value;
}

/** A named part of the address. */
export function param({ request }: PageContext, name: string): string {
  const value = request.params[name];
  return typeof value === 'string' ? value : '';
}
