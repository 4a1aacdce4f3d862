import { html, type Child, type Html } from './html.js';

/** A part of the page under its heading. */
export function section(id: string, title: string, body: Child): Html {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${body}
  </section>`;
}
