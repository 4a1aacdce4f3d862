import { h, type Child, type Markup } from '../markup/markup.js';

/** Line drawings on a grid of 16; decoration beside words, so hidden from readers. */
function Icon({ children }: { readonly children?: Child }): Markup {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

function lines(path: string): () => Markup {
  return () => (
    <Icon>
      <path d={path} />
    </Icon>
  );
}

export const icons = {
  home: lines('M2.5 7.5 8 3l5.5 4.5V13a.5.5 0 0 1-.5.5H9.75v-4h-3.5v4H3a.5.5 0 0 1-.5-.5z'),
  people: lines(
    'M6 7.5a2.25 2.25 0 1 0 0-4.5 2.25 2.25 0 0 0 0 4.5ZM1.75 13c.3-2.3 2-3.5 4.25-3.5s3.95 1.2 4.25 3.5M10.5 3.2a2.25 2.25 0 0 1 0 4.1M12 9.8c1.3.5 2.1 1.6 2.25 3.2',
  ),
  groups: lines('M3 3h4v4H3zM9 3h4v4H9zM3 9h4v4H3zM9 11h4M11 9v4'),
  plans: lines(
    'M4 2.5h8a.5.5 0 0 1 .5.5v10a.5.5 0 0 1-.5.5H4a.5.5 0 0 1-.5-.5V3a.5.5 0 0 1 .5-.5ZM6 6h4M6 8.5h4M6 11h2',
  ),
  leavers: lines('M9.5 3H4a.5.5 0 0 0-.5.5v9a.5.5 0 0 0 .5.5h5.5M7 8h6.5M11.25 5.75 13.5 8l-2.25 2.25'),
  worklist: lines('m2.5 4.25 1 1 2-2M2.5 8.25l1 1 2-2M2.5 12.25l1 1 2-2M8 4.25h5.5M8 8.25h5.5M8 12.25h5.5'),
  findings: lines('M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.25 10.25l3.25 3.25M5 7h4'),
  reports: lines('M2.5 13.5h11M4.5 11V8M8 11V3M11.5 11V5.5'),
  accounts: lines(
    'M4.2 2.5 6 2.3l1.1 2.9-1.4 1.2c.7 1.6 1.8 2.8 3.5 3.6l1.3-1.4 2.9 1.2-.2 1.7c-.1.9-.8 1.6-1.7 1.5C6.9 12.6 3.2 8.9 2.7 4.2c-.1-.9.6-1.6 1.5-1.7Z',
  ),
  connections: lines(
    'M6.5 9.5 9.5 6.5M7.2 4.7l1.4-1.4a2.9 2.9 0 0 1 4.1 4.1l-1.4 1.4M8.8 11.3l-1.4 1.4a2.9 2.9 0 0 1-4.1-4.1l1.4-1.4',
  ),
  audit: lines('M8 5v3l2 1.5M8 13.5A5.5 5.5 0 1 0 8 2.5a5.5 5.5 0 0 0 0 11Z'),
  notifications: lines('M2.5 4h11v8.5h-11zM2.5 4.5 8 9l5.5-4.5'),
  access: lines('M8 2.5 3.5 4v3.5c0 3 1.9 5 4.5 6 2.6-1 4.5-3 4.5-6V4zM6.25 8l1.25 1.25 2.25-2.5'),
  settings: lines(
    'M2.5 4.5h5M11 4.5h2.5M2.5 11.5H5M8.5 11.5h5M9.25 2.75a1.75 1.75 0 1 0 0 3.5 1.75 1.75 0 0 0 0-3.5ZM6.75 9.75a1.75 1.75 0 1 0 0 3.5 1.75 1.75 0 0 0 0-3.5Z',
  ),
  menu: lines('M2.5 4.5h11M2.5 8h11M2.5 11.5h11'),
  check: lines('m3.5 8.5 3 3 6-7'),
  alert: lines('M8 2.75 14 13H2zM8 6.5v3M8 11.25v.1'),
  arrow: lines('M3 8h9.5M9 4.5 12.5 8 9 11.5'),
  external: lines('M9 3h4v4M13 3 7.5 8.5M11 9.5V13H3V5h3.5'),
} as const;

/** The patch cable: two jacks and what joins them. */
export function Mark(): Markup {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
      <circle cx="6" cy="7" r="3" />
      <circle cx="18" cy="17" r="3" />
      <path d="M9 7h5.5a3 3 0 0 1 0 6h-5a3 3 0 0 0 0 4H15" />
    </svg>
  );
}
