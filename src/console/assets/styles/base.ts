/** Colours, sizes and bare elements. Spaces are multiples of 4 px; text keeps 4.5:1 on every surface, both ways. */
export const BASE_STYLES = `
:root {
  color-scheme: light dark;
  --page: #f6f6f3; --surface: #ffffff; --sunken: #f0f0ec; --ink: #1b1e22; --quiet: #565c64;
  --line: #e3e3dd; --field: #868a90; --accent: #0f6b5c; --on-accent: #ffffff; --accent-soft: #e1f1ed;
  --good: #17693f; --good-soft: #e2f3e9; --warn: #7a4f00; --warn-soft: #fcf0d4;
  --mark: #b87a00; --bad: #a92018; --bad-soft: #fce9e7; --info: #24528f; --info-soft: #e5edf9; --shadow: 0 1px 2px rgb(20 24 28 / 6%);
  --radius: 10px; --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #121416; --surface: #1a1d20; --sunken: #212529; --ink: #e8eaeb; --quiet: #a7aeb5;
    --line: #2c3136; --field: #747c84; --accent: #5cc9b5; --on-accent: #06231e; --accent-soft: #12332d;
    --good: #6fd39b; --good-soft: #14301f; --warn: #e6bb5c; --warn-soft: #342a10;
    --mark: #e6bb5c; --bad: #ff9c93; --bad-soft: #3d1c1a; --info: #96b9f4; --info-soft: #182842; --shadow: none;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 16px; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 400 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
h1, h2, h3, p, ul, ol, dl, dd, figure, pre { margin: 0; padding: 0; }
ul, ol.plain { list-style: none; }
h1 { font-size: 24px; line-height: 32px; font-weight: 650; letter-spacing: -.01em; }
h2 { font-size: 17px; line-height: 24px; font-weight: 620; }
h3 { font-size: 15px; line-height: 24px; font-weight: 620; }
a { color: var(--accent); text-underline-offset: 3px; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
code, kbd, pre, .mono { font-family: var(--mono); font-size: 13px; }
code { background: var(--sunken); border-radius: 4px; padding: 1px 4px; }
pre { white-space: pre-wrap; }
.pre { white-space: pre-line; }
hr { border: 0; border-top: 1px solid var(--line); margin: 24px 0; }
.quiet { color: var(--quiet); }
.small { font-size: 13px; line-height: 20px; }
.strong { font-weight: 600; }
.block { display: block; }
.lead { font-size: 16px; color: var(--quiet); max-width: 44rem; }
.nowrap { white-space: nowrap; }
.hidden {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.icon, .mark { flex: none; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.mark { stroke-width: 2.2; color: var(--accent); }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 16px; top: 8px; z-index: 10; background: var(--surface); padding: 8px 16px; border-radius: 8px; }
@media (prefers-reduced-motion: no-preference) {
  a, button, input, select, textarea { transition: background-color .12s, border-color .12s; }
}
@media print { .sidebar, .toolbar, form, .skip { display: none !important; } body { background: #fff; } }
`;
