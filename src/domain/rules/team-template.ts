import { attributePath, attributeValues } from '../attribute-paths.js';
import type { DirectoryUser } from '../directory.js';
import { tidyText } from '../person-name.js';

const PLACEHOLDER = /\{([^{}]*)\}/gu;

/** What a template yields for one person: team names, and the first attribute the person lacks. */
export interface Expansion {
  readonly teams: readonly string[];
  readonly missing: string | null;
}

export interface TeamTemplate {
  readonly text: string;
  /** Whether the text holds no placeholder and names one team. */
  readonly isLiteral: boolean;
  expand(user: DirectoryUser): Expansion;
}

/** Names between braces in a team name, as typed: `Sales {country}` holds `country`. */
export function placeholders(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '');
}

/**
 * A team name with attribute placeholders. A person with several values gets one team for each; a person with
 * none gets no team, for `Sales ` would be a team nobody asked for.
 */
export function compileTemplate(text: string): TeamTemplate {
  const names = placeholders(text);
  if (names.length === 0) {
    const literal: Expansion = { teams: [tidyText(text)], missing: null };
    return { text, isLiteral: true, expand: () => literal };
  }
  const literals = text.split(PLACEHOLDER).filter((_, position) => position % 2 === 0);
  return { text, isLiteral: false, expand: (user) => expandParts(literals, names, user) };
}

function expandParts(literals: readonly string[], names: readonly string[], user: DirectoryUser): Expansion {
  let texts = [literals[0] ?? ''];
  for (const [position, name] of names.entries()) {
    const values = attributeValues(user, attributePath(name) ?? name);
    if (values.length === 0) return { teams: [], missing: name };
    const tail = literals[position + 1] ?? '';
    texts = texts.flatMap((text) => values.map((value) => `${text}${value}${tail}`));
  }
  return { teams: texts.map(tidyText), missing: null };
}
