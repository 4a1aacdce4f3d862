/** Names of people as vendors keep them: one combined text (vendors.md 1.5, 2.2). */

export interface PersonName {
  readonly givenName: string;
  readonly familyName: string;
}

const EMOJI = /[\p{Extended_Pictographic}\p{Regional_Indicator}\u{20E3}\u{FE0F}]/u;

/** Most names need no work, and normalising is slow for 100,000 of them. */
const TIDY_ASCII = /^[!-~]+(?: [!-~]+)*$/;

/** `Given Family` with single blanks, as a vendor shows it. */
export function combinedName(name: PersonName): string {
  return tidyText(`${name.givenName} ${name.familyName}`);
}

/** Composed characters (NFC), single blanks, no outer blanks: two spellings of one text become equal. */
export function tidyText(text: string): string {
  if (TIDY_ASCII.test(text)) return text;
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** Whether the text holds an emoji, which Aircall refuses in names (vendors.md 1.5). */
export function hasEmoji(text: string): boolean {
  return EMOJI.test(text);
}

/**
 * Given and family name of a directory user. Where the IdP sends only a display name, its last word becomes the
 * family name, because vendors demand both.
 */
export function personName(user: PersonName & { readonly displayName: string }): PersonName {
  const givenName = tidyText(user.givenName);
  const familyName = tidyText(user.familyName);
  if (givenName !== '' && familyName !== '') return { givenName, familyName };
  const words = tidyText(user.displayName).split(' ');
  if (words.length < 2) return { givenName: givenName || (words[0] ?? ''), familyName };
  return {
    givenName: givenName || words.slice(0, -1).join(' '),
    familyName: familyName || (words.at(-1) ?? ''),
  };
}
