import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import type { SignedIn } from '../ports.js';

export const CSRF_FIELD = '_csrf';

/** Fields of a form as they arrived. A field that came several times holds its last value. */
export function formFields(request: Request): Readonly<Record<string, string>> {
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null) return {};
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(body)) {
    const last: unknown = Array.isArray(value) ? value.at(-1) : value;
    if (typeof last === 'string') fields[name] = last;
  }
  return fields;
}

/** The form's fields by their schema. @throws AppError `invalid` that names every field that is wrong. */
export function readForm<T>(request: Request, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(formFields(request));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new AppError('invalid', `Nothing was changed. ${problems.join(' ')}`);
}

/** What a person must type, compared without case and outer blanks. */
export function assertTyped(typed: string, wanted: string): void {
  if (typed.trim().toLowerCase() === wanted.toLowerCase()) return;
  throw new AppError('invalid', `Nothing was changed. Type “${wanted}” to confirm.`);
}

/**
 * Refuses a form that did not come from one of our own pages in this session. @throws AppError `forbidden`
 */
export function assertOwnForm(request: Request, session: Pick<SignedIn, 'csrf'>): void {
  assertSameOrigin(request);
  const sent = Buffer.from(formFields(request)[CSRF_FIELD] ?? '');
  const wanted = Buffer.from(session.csrf);
  if (sent.length === wanted.length && timingSafeEqual(sent, wanted)) return;
  throw foreignForm();
}

/** Where the browser says where a form comes from, it must be from us. @throws AppError `forbidden` */
export function assertSameOrigin(request: Request): void {
  const site = request.get('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw foreignForm();
  const origin = request.get('origin');
  if (origin === undefined) return;
  if (URL.parse(origin)?.host !== request.host) throw foreignForm();
}

function foreignForm(): AppError {
  return new AppError(
    'forbidden',
    'This form is too old, or it was not sent from a page of this console. Nothing was changed. Go back, reload the page and try again.',
  );
}
