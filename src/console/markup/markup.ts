import { attributesToString, escapeHtml, isVoidElement } from '@kitajs/html';

/** Finished HTML. Nothing else is ever put on a page unescaped, and only `h` and `Fragment` make it. */
export class Markup {
  readonly #html: string;

  private constructor(html: string) {
    this.#html = html;
  }

  /** Text that is HTML already: output of the renderer itself, constants of this program. Never data. */
  static trusted(html: string): Markup {
    return new Markup(html);
  }

  toString(): string {
    return this.#html;
  }
}

/** What may stand inside an element. Strings are text, whatever they look like. */
export type Child = Markup | string | number | boolean | null | undefined | readonly Child[];

type Attributes = Readonly<Record<string, unknown>>;
type Component = (properties: never) => Markup;

/** The factory that TSX compiles to: escapes every string child and every attribute value. */
export function h(tag: string | Component, attributes: Attributes | null, ...children: Child[]): Markup {
  if (typeof tag === 'function') {
    const properties = { ...attributes, ...(children.length === 0 ? {} : { children }) };
    return tag(properties as never);
  }
  const open = `<${tag}${attributes === null ? '' : attributesToString(cleanAttributes(attributes))}`;
  if (isVoidElement(tag)) return Markup.trusted(`${open}>`);
  return Markup.trusted(`${open}>${renderChildren(children)}</${tag}>`);
}

/** Several elements without one around them. */
export function Fragment({ children }: { readonly children?: Child }): Markup {
  return Markup.trusted(renderChildren([children]));
}

function renderChildren(children: readonly Child[]): string {
  let html = '';
  for (const child of children) {
    if (child instanceof Markup) html += child.toString();
    else if (typeof child === 'string') html += escapeHtml(child);
    else if (typeof child === 'number') html += String(child);
    else if (Array.isArray(child)) html += renderChildren(child);
  }
  return html;
}

const LINKS: ReadonlySet<string> = new Set(['href', 'action', 'src', 'formaction', 'hx-get', 'hx-post']);
/** Anything else could end the tag; the marks that development builds add are not for browsers either. */
const ATTRIBUTE_NAME = /^(?!on|style$)[a-z][a-z0-9-]*$/i;
const SAFE_LINK = /^(?:https?:|mailto:|[/?#]|$)/i;

/** A link to anything but the web or ourselves (`javascript:`, `data:`) is dropped, and so is whatever runs script. */
function cleanAttributes(attributes: Attributes): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (!ATTRIBUTE_NAME.test(name) || value === null || value === undefined) continue;
    if (LINKS.has(name) && !SAFE_LINK.test(String(value))) continue;
    // The library escapes quotes only; an ampersand left alone would turn the text `&lt;` into `<`.
    clean[name] = typeof value === 'string' ? value.replaceAll('&', '&amp;') : value;
  }
  return clean;
}

type Tags = globalThis.JSX.IntrinsicElements;
type Forbidden = 'children' | 'style' | 'safe' | 'attrs' | 'className' | `on${string}`;
type Own<Tag> = {
  readonly [Name in keyof Tag as Name extends Forbidden ? never : Name]: Tag[Name];
} & { readonly children?: Child };

// The compiler looks for the types of TSX in a namespace of the factory; nothing of it is left at run time.
export declare namespace h {
  namespace JSX {
    type Element = Markup;
    type IntrinsicElements = { readonly [Name in keyof Tags]: Own<Tags[Name]> };
    interface ElementChildrenAttribute {
      readonly children?: Child;
    }
  }
}
