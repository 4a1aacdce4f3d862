/** A piece of a page whose texts are escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | Html | readonly Html[];

/** Markup in which every value is text, unless it is markup already: addresses and names appear in these pages. */
export function html(pieces: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(
    pieces.reduce((text, piece, index) => `${text}${textOf(values[index - 1] ?? '')}${piece}`, ''),
  );
}

function textOf(value: Value): string {
  if (typeof value === 'string') return escaped(value);
  return value instanceof Html ? value.text : value.map(({ text }) => text).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (sign) => ENTITIES[sign] ?? sign);
}

export function table(head: readonly string[], rows: readonly (readonly (string | Html)[])[]): Html {
  return html`<table>
    <tr>
      ${head.map((cell) => html`<th>${cell}</th>`)}
    </tr>
    ${rows.map(
      (cells) =>
        html`<tr>
          ${cells.map((cell) => html`<td>${cell}</td>`)}
        </tr>`,
    )}
  </table>`;
}

/** A form with a button; what is sent is done and answered by the page again. */
export function form(action: string, fields: Html, button: string): Html {
  return html`<form method="post" action="${action}">${fields} <button>${button}</button></form>`;
}

export function field(label: string, name: string, value = '', type = 'text'): Html {
  return html`<label>${label} <input name="${name}" type="${type}" value="${value}" required /></label>`;
}
