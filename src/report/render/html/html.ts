/** Finished HTML. Whatever else stands in a template is text and is escaped, whatever it looks like. */
export class Html {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  static from(strings: TemplateStringsArray, children: readonly Child[]): Html {
    return new Html(strings.reduce((text, part, index) => text + render(children[index - 1]) + part));
  }

  toString(): string {
    return this.#text;
  }
}

export type Child = Html | string | number | null | undefined | readonly Child[];

/** A piece of a page: html`<p>${name}</p>`. Attribute values stand in double quotes. */
export function html(strings: TemplateStringsArray, ...children: readonly Child[]): Html {
  return Html.from(strings, children);
}

function render(child: Child): string {
  if (child === null || child === undefined) return '';
  if (child instanceof Html) return child.toString();
  if (typeof child === 'object') return child.map(render).join('');
  return escapeText(String(child));
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that no document may hold (controls) are shown as a mark; everything else stays what it is. */
export function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '\uFFFD');
}
