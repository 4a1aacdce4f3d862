import { AppError, type ScimType } from '../../domain/errors.js';

const NAME = /[A-Za-z$][\w$.:-]*/y;
const WORD = /[A-Za-z]+/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const BARE = /[^\s()[\]"]+/y;
const BLANKS = /\s*/y;

/** A literal as it was written; its type follows from the attribute that it is compared with. */
export interface Literal {
  readonly quoted: boolean;
  readonly text: string;
}

/** Reads the pieces of a filter or a path from left to right, each character a bounded number of times. */
export interface Scanner {
  /** The next character, after blanks; empty at the end. */
  peek(): string;
  /** Takes `character` if it is the next one after blanks. */
  take(character: string): boolean;
  /** An attribute name or path, with URN and sub-attribute; null when there is none here. */
  name(): string | null;
  /** Takes `word` if it is the next one, in any case. */
  takeWord(word: string): boolean;
  /** Letters only, so that `eq"x"` without a blank is an operator and a value. */
  word(): string | null;
  /** A quoted JSON string, or a bare word up to the next blank or bracket; null when there is neither. */
  literal(): Literal | null;
  /** Whether a blank, a closing bracket or the end follows. */
  atBoundary(): boolean;
  fail(problem: string): AppError;
}

export function makeScanner(text: string, scimType: ScimType): Scanner {
  let position = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(text)?.[0] ?? null;
    position += found?.length ?? 0;
    return found;
  };
  const peek = (): string => {
    match(BLANKS);
    return text.charAt(position);
  };
  const takeWord = (word: string): boolean => {
    const start = position;
    const found = peek() === '' ? null : match(WORD);
    const taken = found?.toLowerCase() === word;
    if (!taken) position = start;
    return taken;
  };
  const fail = (problem: string): AppError =>
    new AppError('invalid', `${problem} (at character ${String(position + 1)}).`, { scimType });
  return {
    peek,
    take: (character) => {
      const found = peek() === character;
      if (found) position += 1;
      return found;
    },
    takeWord,
    name: () => (peek() === '' ? null : match(NAME)),
    word: () => (peek() === '' ? null : match(WORD)),
    literal: () => {
      if (peek() !== '"') return asLiteral(match(BARE), false);
      const quoted = match(STRING);
      return quoted === null ? null : asLiteral(unquote(quoted, fail), true);
    },
    atBoundary: () => position >= text.length || /[\s)\]]/.test(text.charAt(position)),
    fail,
  };
}

function asLiteral(text: string | null, quoted: boolean): Literal | null {
  return text === null ? null : { quoted, text };
}

/** Refuses what Postgres could not hold anyway: U+0000 and halves of surrogate pairs. */
function unquote(quoted: string, fail: (problem: string) => AppError): string {
  const text = parseJsonString(quoted);
  if (text === null) throw fail('A quoted value is not a valid JSON string');
  if (text.includes('\0') || !text.isWellFormed()) {
    throw fail('A quoted value contains a character that no attribute can hold');
  }
  return text;
}

function parseJsonString(quoted: string): string | null {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
