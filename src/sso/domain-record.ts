import { AppError } from '../domain/errors.js';
import type { DomainClaim } from './domain-ports.js';

/** TXT records of a name, each as its chunks; rejects with a `code` such as ENOTFOUND. */
export type ResolveTxt = (name: string) => Promise<readonly (readonly string[])[]>;

/** What stands in DNS where the domain is the tenant's. */
export interface DomainRecord {
  readonly recordName: string;
  readonly recordValue: string;
}

export function recordOf({ domain, token }: Pick<DomainClaim, 'domain' | 'token'>): DomainRecord {
  return {
    recordName: `_patchbay-challenge.${domain}`,
    recordValue: `patchbay-domain-verification=${token}`,
  };
}

/** `none`: no such record. `other`: one with another value. */
export type RecordState = 'there' | 'none' | 'other';

const NO_RECORD = new Set(['ENOTFOUND', 'ENODATA']);

/** Throws AppError `unavailable` when DNS does not answer: that says nothing about the record. */
export async function lookForRecord(
  resolveTxt: ResolveTxt,
  { recordName, recordValue }: DomainRecord,
): Promise<RecordState> {
  const found = await lookUp(resolveTxt, recordName);
  if (found.includes(recordValue)) return 'there';
  return found.length === 0 ? 'none' : 'other';
}

async function lookUp(resolveTxt: ResolveTxt, name: string): Promise<readonly string[]> {
  try {
    return (await resolveTxt(name)).map((chunks) => chunks.join(''));
  } catch (error) {
    if (error instanceof Error && 'code' in error && NO_RECORD.has(String(error.code))) return [];
    throw new AppError(
      'unavailable',
      `DNS did not answer for ${name}. Nothing was changed; try again in a minute.`,
      { cause: error },
    );
  }
}
