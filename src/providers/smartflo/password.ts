import { randomInt } from 'node:crypto';

const LENGTH = 24;
const SETS = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz', '23456789', '!#%*+-=?@_'] as const;
const ALL = SETS.join('');

/**
 * A password that Smartflo accepts (vendors.md 2.2): one of each kind, 24 characters, about 140 bits. It is sent once,
 * with the create, and neither kept nor shown: the person chooses their own through "Forgot password".
 */
export function makeInitialPassword(): string {
  const characters = [
    ...SETS.map((set) => pick(set)),
    ...Array.from({ length: LENGTH - SETS.length }, () => pick(ALL)),
  ];
  for (let last = characters.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [characters[last], characters[other]] = [characters[other] ?? '', characters[last] ?? ''];
  }
  return characters.join('');
}

function pick(set: string): string {
  return set.charAt(randomInt(set.length));
}
