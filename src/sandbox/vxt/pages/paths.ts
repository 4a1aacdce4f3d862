/** Where the sandbox's pages are, as an account's settings name them. */
export const PAGES = {
  membersPath: '/settings/users',
  numbersPath: '/settings/phone-numbers',
  recordsPath: '/records',
} as const;

export function memberPath(id: number): string {
  return `${PAGES.membersPath}/${String(id)}`;
}

export function numberPath(number: string): string {
  return `${PAGES.numbersPath}/${encodeURIComponent(number)}`;
}
