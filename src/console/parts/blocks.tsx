import { h, type Child, type Markup } from '../markup/markup.js';

/** Name of a page, what it is for, and what can be done on it. */
export function PageHead({
  title,
  lead,
  crumbs,
  children,
}: {
  readonly title: Child;
  readonly lead?: Child;
  readonly crumbs?: { readonly href: string; readonly label: string };
  readonly children?: Child;
}): Markup {
  return (
    <div class="page-head">
      <div>
        {crumbs === undefined ? null : (
          <p class="crumbs">
            <a href={crumbs.href}>{crumbs.label}</a>
          </p>
        )}
        <h1>{title}</h1>
        {lead === undefined ? null : <p class="lead">{lead}</p>}
      </div>
      {children === undefined ? null : <div class="row">{children}</div>}
    </div>
  );
}

export function Card({
  title,
  aside,
  children,
  id,
}: {
  readonly title?: Child;
  readonly aside?: Child;
  readonly children?: Child;
  readonly id?: string;
}): Markup {
  return (
    <section class="card" id={id}>
      {title === undefined ? null : (
        <div class="card-head">
          <h2>{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}

/** Nothing to show: says why, and what to do next. */
export function Empty({ title, children }: { readonly title: string; readonly children?: Child }): Markup {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** To the first page and on. Lists have no last page: they are read from the front. */
export function Pager({
  first,
  next,
}: {
  /** Address of the first page; null when this is it. */
  readonly first: string | null;
  readonly next: string | null;
}): Markup | null {
  if (first === null && next === null) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {first === null ? <span></span> : <a href={first}>First page</a>}
      {next === null ? (
        <span></span>
      ) : (
        <a href={next} rel="next">
          Next page
        </a>
      )}
    </nav>
  );
}

/** Links that choose between views of one list. */
export function Tabs({
  label,
  tabs,
}: {
  readonly label: string;
  readonly tabs: readonly { readonly label: string; readonly href: string; readonly isCurrent: boolean }[];
}): Markup {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a href={tab.href} aria-current={tab.isCurrent ? 'true' : undefined}>
          {tab.label}
        </a>
      ))}
    </nav>
  );
}

/**
 * A table. On a narrow screen its cells stand below one another, which takes their meaning away from readers unless
 * the roles are spelt out.
 */
export function Table({
  label,
  head,
  layout,
  children,
}: {
  readonly label: string;
  readonly head: readonly string[];
  /** Columns whose widths do not wait for the last row: a long table would shift while it arrives. */
  readonly layout?: 'events';
  readonly children?: Child;
}): Markup {
  return (
    <div
      class={layout === undefined ? 'table' : `table ${layout}`}
      role="region"
      aria-label={label}
      tabindex="0"
    >
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">
            {head.map((name) => (
              <th scope="col" role="columnheader">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">{children}</tbody>
      </table>
    </div>
  );
}

export function TableRow({ children }: { readonly children?: Child }): Markup {
  return <tr role="row">{children}</tr>;
}

export function Cell({
  class: className,
  label,
  children,
}: {
  readonly class?: string;
  /** Says what the cell holds where the head of its column is out of sight: on a narrow screen. */
  readonly label?: string | undefined;
  readonly children?: Child;
}): Markup {
  return (
    <td role="cell" class={className}>
      {label === undefined ? null : <span class="cell-label quiet small">{`${label}: `}</span>}
      {children}
    </td>
  );
}
