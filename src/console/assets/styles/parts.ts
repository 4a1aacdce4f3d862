/** What pages are made of: cards, lists, tables, badges, forms. */
export const PART_STYLES = `
.stack { display: grid; gap: 24px; grid-template-columns: minmax(0, 1fr); }
.stack-s { display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); }
.columns { display: grid; gap: 24px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); align-items: start; }
.columns.cards { grid-template-columns: repeat(auto-fit, minmax(min(100%, 280px), 1fr)); }
.row { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; }
.row > *, .rows .end > * { min-width: 0; max-width: 100%; }
.spread { justify-content: space-between; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); min-width: 0; }
.card-head { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: baseline; justify-content: space-between; padding: 16px 20px 12px; }
.card-body { padding: 0 20px 20px; }
.card > .card-body:first-child { padding-top: 20px; }
.rows > li { border-top: 1px solid var(--line); padding: 12px 20px; display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center; justify-content: space-between; }
.card > .rows:first-child > li:first-child { border-top: 0; }
.rows .grow { flex: 1 1 240px; min-width: 0; }
.rows .end { max-width: 100%; min-width: 0; display: flex; flex-wrap: wrap; gap: 8px; align-items: center; justify-content: flex-end; }
a.cover { color: var(--ink); font-weight: 600; text-decoration: none; }
a.cover:hover { text-decoration: underline; }
.badge { display: inline-flex; align-items: center; gap: 6px; padding: 0 8px; border-radius: 12px; font-size: 12px; line-height: 22px; font-weight: 620; background: var(--sunken); color: var(--quiet); max-width: 100%; min-width: 0; overflow-wrap: anywhere; }
.badge.good { background: var(--good-soft); color: var(--good); }
.badge.warn { background: var(--warn-soft); color: var(--warn); }
.badge.bad { background: var(--bad-soft); color: var(--bad); }
.badge.info { background: var(--info-soft); color: var(--info); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(76px, 1fr)); gap: 16px; }
.facts dt { font-size: 13px; line-height: 20px; color: var(--quiet); }
.facts dd { font-size: 17px; line-height: 24px; font-weight: 600; }
.facts dd .small { font-weight: 400; }
.pairs { display: grid; grid-template-columns: minmax(112px, max-content) minmax(0, 1fr); gap: 8px 24px; }
.pairs dt { color: var(--quiet); }
.contents { display: contents; }
progress { display: block; width: 240px; max-width: 100%; height: 8px; margin-top: 4px; border: 0; border-radius: 4px; overflow: hidden; background: var(--sunken); accent-color: var(--accent); }
.card-body > progress { width: 100%; }
progress::-webkit-progress-bar { background: var(--sunken); }
progress::-webkit-progress-value { background: var(--accent); }
progress::-moz-progress-bar { background: var(--accent); }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-size: 13px; line-height: 20px; font-weight: 600; color: var(--quiet); padding: 8px 12px; white-space: nowrap; }
td { padding: 10px 12px; border-top: 1px solid var(--line); vertical-align: top; }
@media (min-width: 641px) {
  .cell-label { display: none; }
  /* Laid out by the head alone: rows that arrive later move nothing. */
  .events table, .even table { table-layout: fixed; }
  .events th:nth-child(1) { width: 200px; }
  .events th:nth-child(2), .events th:nth-child(4) { width: 24%; }
}
th:first-child, td:first-child { padding-left: 20px; }
th:last-child, td:last-child { padding-right: 20px; }
@media (max-width: 640px) {
  .rows .end { justify-content: flex-start; }
  .table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .table tr { display: grid; gap: 4px; padding: 12px 20px; border-top: 1px solid var(--line); }
  .table td, .table td:first-child, .table td:last-child { display: block; padding: 0; border: 0; }
}
meter { width: 100%; height: 8px; border: 0; border-radius: 4px; background: var(--sunken); overflow: hidden; }
meter::-webkit-meter-bar { background: var(--sunken); border: 0; border-radius: 4px; height: 8px; }
meter::-webkit-meter-optimum-value { background: var(--accent); border-radius: 4px; }
meter::-webkit-meter-suboptimum-value { background: var(--warn); border-radius: 4px; }
meter::-webkit-meter-even-less-good-value { background: var(--bad); border-radius: 4px; }
.empty { padding: 40px 24px; text-align: center; display: grid; gap: 12px; justify-items: center; }
.empty p { max-width: 480px; color: var(--quiet); }
.empty .empty-title { color: var(--ink); font-weight: 620; }
.notice { border-radius: var(--radius); padding: 16px 20px; background: var(--info-soft); color: var(--ink); }
.notice.warn { background: var(--warn-soft); }
.notice.bad { background: var(--bad-soft); }
.notice.good { background: var(--good-soft); }
.secret { display: block; font: 600 14px/24px var(--mono); background: var(--sunken); border-radius: 8px; padding: 12px 16px; user-select: all; }
.pager { display: flex; gap: 12px; justify-content: space-between; padding: 12px 20px; border-top: 1px solid var(--line); }
.card-tabs { padding: 0 20px; }
.card-tabs .tabs { margin: 0 -12px 12px; }
.tabs { display: flex; flex-wrap: wrap; gap: 4px; margin-bottom: 16px; }
.tabs a { padding: 6px 12px; border-radius: 16px; color: var(--quiet); text-decoration: none; font-weight: 560; }
.tabs a:hover { background: var(--sunken); color: var(--ink); }
.tabs a[aria-current] { background: var(--accent-soft); color: var(--accent); }
details > summary { cursor: pointer; font-weight: 560; }
details[open] > summary { margin-bottom: 12px; }
`;
