import { AppError } from '../domain/errors.js';

/**
 * The path with its `:name` parts filled in. A part that is empty or made of dots would address another resource:
 * the whole list instead of one user.
 */
export function fillRoute(route: string, params: Readonly<Record<string, string>>): string {
  return route.replace(/:(\w+)/g, (_match, name: string) => {
    const value = params[name] ?? '';
    if (/^\.*$/.test(value)) throw new AppError('bug', `"${value}" cannot be part of a request to a vendor.`);
    return encodeURIComponent(value);
  });
}
