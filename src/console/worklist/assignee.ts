import type { SignedIn } from '../ports.js';

/** The name under which a person claims tasks. */
export function assigneeOf({ displayName, email }: Pick<SignedIn, 'displayName' | 'email'>): string {
  return email ?? displayName;
}
