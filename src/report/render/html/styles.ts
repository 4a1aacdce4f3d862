/** The whole look of the HTML report: one file that needs nothing from anywhere, on a screen, a phone and on paper. */
export const REPORT_STYLES = `
:root { color-scheme: light dark; --ink: #16202b; --quiet: #56636f; --paper: #f4f6f8; --card: #fff; --line: #dde3e8; --accent: #0b5f66; --good: #17663f; --good-soft: #e2f3ea; --warn: #7a4b00; --warn-soft: #fdf0d7; --bad: #a3231f; --bad-soft: #fce8e6; --info-soft: #e3eff6; --one: #0f7d86; --two: #c9762b; --three: #8a94a6; --four: #7455b0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf1; --quiet: #a5b1bc; --paper: #10161c; --card: #182129; --line: #2c3843; --accent: #6cc5cc; --good: #7ed6a7; --good-soft: #143626; --warn: #f0c274; --warn-soft: #3b2a0b; --bad: #f4a19b; --bad-soft: #44191a; --info-soft: #16303c; --one: #45b3bc; --two: #e09a56; --three: #7c8798; --four: #b7a0ea; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif; overflow-wrap: anywhere; -webkit-text-size-adjust: 100%; }
main { max-width: 980px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 30px; line-height: 1.2; letter-spacing: -.02em; margin: 0 0 4px; }
h2 { font-size: 19px; line-height: 1.3; letter-spacing: -.01em; margin: 44px 0 14px; }
h3 { font-size: 15px; line-height: 1.4; margin: 0; font-weight: 640; }
p { margin: 0; }
ul { margin: 0; padding: 0; list-style: none; }
a { color: var(--accent); }
a:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.quiet { color: var(--quiet); }
.small { font-size: 13px; }
.top { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 24px; font-size: 13px; color: var(--quiet); margin-bottom: 28px; }
.brand { display: inline-flex; align-items: center; gap: 8px; font-weight: 680; color: var(--ink); font-size: 15px; }
.brand svg { width: 22px; height: 22px; fill: none; stroke: var(--accent); stroke-width: 2; }
.state { margin: 24px 0 0; padding: 18px 22px; border-radius: 12px; background: var(--good-soft); color: var(--good); border-left: 5px solid currentColor; }
.state p:first-child { font-size: 20px; line-height: 1.3; font-weight: 680; letter-spacing: -.01em; }
.state.critical { background: var(--bad-soft); color: var(--bad); }
.state.warning, .state.blind { background: var(--warn-soft); color: var(--warn); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin-top: 16px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 18px; }
.tile dt { font-size: 13px; color: var(--quiet); }
.tile dd { margin: 0; }
.tile .value { font-size: 26px; line-height: 1.25; font-weight: 680; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
.told { padding: 6px 22px; }
p.told, .roomy { padding-top: 14px; padding-bottom: 14px; }
.more { margin-top: 8px; }
.told li { padding: 9px 0; border-top: 1px solid var(--line); }
.told li:first-child { border-top: 0; }
.need { display: grid; grid-template-columns: minmax(0, 1fr) 210px; gap: 8px 28px; padding: 18px 22px; border-top: 1px solid var(--line); border-left: 5px solid var(--three); }
.need:first-child { border-top: 0; }
.need.critical { border-left-color: var(--bad); }
.need.warning { border-left-color: var(--two); }
.need dl { margin: 0; font-size: 13px; display: grid; gap: 8px; align-content: start; }
.need dt, .proof dt { color: var(--quiet); font-size: 12px; }
.need dd, .proof dd { margin: 0; font-weight: 560; }
.need p { margin-top: 4px; }
.late { color: var(--bad); }
.charts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px 18px; display: flex; flex-direction: column; gap: 8px; min-width: 0; }
figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 16px; align-items: baseline; }
figcaption b { font-weight: 640; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 12px; color: var(--quiet); }
.legend li { display: inline-flex; align-items: center; gap: 6px; }
.legend i { width: 10px; height: 10px; border-radius: 3px; background: var(--one); display: inline-block; }
.legend .fill-directory, .legend .line-b { background: var(--two); }
.legend .fill-seats, .legend .line-c { background: var(--three); }
.legend .line-a, .legend .line-b, .legend .line-c { height: 3px; width: 14px; border-radius: 2px; }
.legend .line-cost { height: 0; width: 14px; border-radius: 0; background: none; border-top: 2px dotted var(--four); }
.legend .planned, .legend .target { height: 0; width: 14px; border-radius: 0; background: none; border-top: 2px dashed var(--quiet); }
.legend .median { border-radius: 50%; }
.legend .whisker { width: 3px; border-radius: 2px; background: var(--one); opacity: .45; }
.says, .nothing { font-size: 13px; color: var(--quiet); }
.nothing { margin: auto 0; padding: 40px 0; text-align: center; }
.chart { display: block; width: 100%; height: auto; max-width: 520px; }
.chart text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--quiet); font-variant-numeric: tabular-nums; }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .fill-account { fill: var(--one); }
.chart .fill-directory { fill: var(--two); }
.chart .fill-seats { fill: var(--three); }
.chart path.line-a, .chart path.line-b, .chart path.line-c { fill: none; stroke: var(--one); stroke-width: 2.25; stroke-linejoin: round; }
.chart path.line-b { stroke: var(--two); }
.chart path.line-c { stroke: var(--three); }
.chart path.line-cost { fill: none; stroke: var(--four); stroke-width: 2; stroke-dasharray: 1.5 3.5; stroke-linecap: round; }
.chart text.right { fill: var(--four); }
.chart .dot { stroke: var(--card); stroke-width: 1.5; fill: var(--one); }
.chart .dot.line-b { fill: var(--two); }
.chart .dot.line-c { fill: var(--three); }
.chart .area { fill: var(--one); opacity: .14; }
.chart .planned, .chart .target { stroke: var(--quiet); stroke-width: 1.5; stroke-dasharray: 5 4; }
.chart .whisker { stroke: var(--one); stroke-width: 3; stroke-linecap: round; opacity: .45; }
.chart .median { fill: var(--one); stroke: var(--card); stroke-width: 1.5; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
th { text-align: left; font-size: 12px; font-weight: 600; color: var(--quiet); padding: 10px 14px; vertical-align: bottom; }
td { padding: 10px 14px; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
/* A name in the first column keeps its words, however many figures stand beside it. */
th, td:first-child { overflow-wrap: break-word; }
td.figure, th.figure { text-align: right; }
td.figure { white-space: nowrap; }
th:first-child, td:first-child { padding-left: 22px; }
th:last-child, td:last-child { padding-right: 22px; }
.badge { display: inline-block; padding: 0 8px; border-radius: 10px; font-size: 12px; line-height: 20px; font-weight: 620; background: var(--info-soft); color: var(--ink); white-space: nowrap; }
.badge.critical { background: var(--bad-soft); color: var(--bad); }
.badge.warning { background: var(--warn-soft); color: var(--warn); }
.badge.good { background: var(--good-soft); color: var(--good); }
.proof { padding: 16px 22px; border-top: 1px solid var(--line); display: grid; gap: 8px; }
.proof:first-child { border-top: 0; }
.proof .head { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: baseline; }
.proof .head h3 { flex: 1 1 300px; }
.proof dl { margin: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); gap: 8px 24px; font-size: 13px; }
.proof.done h3 { font-weight: 520; }
.who { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 5px 28px; font-size: 14px; }
.who li { break-inside: avoid; }
.who b { font-weight: 560; }
footer { margin-top: 44px; padding-top: 16px; border-top: 1px solid var(--line); font-size: 12px; color: var(--quiet); display: grid; gap: 4px; }
@media screen and (max-width: 720px) {
  main { padding: 24px 16px 48px; }
  h1 { font-size: 25px; }
  h2 { margin-top: 34px; }
  .charts { grid-template-columns: minmax(0, 1fr); }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .tile:last-child:nth-child(odd) { grid-column: 1 / -1; }
  .need { grid-template-columns: minmax(0, 1fr); padding: 16px; }
  .need dl { grid-template-columns: 1fr 1fr; }
  .told, .proof { padding-left: 16px; padding-right: 16px; }
  .who { grid-template-columns: minmax(0, 1fr); }
  table, tbody, tr, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { padding: 12px 16px; border-top: 1px solid var(--line); }
  td, td:first-child, td:last-child, td.figure { padding: 1px 0; border: 0; text-align: left; white-space: normal; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--quiet); }
}
@media print {
  :root { color-scheme: light; --ink: #111; --quiet: #444; --paper: #fff; --card: #fff; --line: #bbb; --accent: #0b5f66; --good: #17663f; --warn: #7a4b00; --bad: #a3231f; --good-soft: #eef8f2; --warn-soft: #fdf5e6; --bad-soft: #fdf0ef; --info-soft: #eef3f6; --one: #0f7d86; --two: #b9641c; --three: #7c8798; --four: #6d4fa8; }
  @page { size: A4; margin: 16mm 14mm 20mm; font: 8.5pt system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif; color: #444; @bottom-left { content: "Patchbay reconciliation report"; } @bottom-right { content: "Page " counter(page) " of " counter(pages); } }
  body { font-size: 10pt; line-height: 1.45; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  h2 { margin: 20pt 0 8pt; break-after: avoid; }
  h3 { font-size: 10pt; }
  .need, .proof, .tile, figure, tr, .told, .state { break-inside: avoid; }
  thead { break-after: avoid; }
  /* A frame that runs over several pages would be torn open at each of them: lines between instead. */
  .card { overflow: visible; border-width: 1px 0; border-radius: 0; }
  .told, .proof { padding-left: 0; padding-right: 0; }
  .proof { padding-top: 9pt; padding-bottom: 9pt; gap: 4pt; }
  .proof dl { grid-template-columns: repeat(auto-fit, minmax(90pt, 1fr)); gap: 4px 16px; }
  .proof.many { break-inside: auto; }
  .who { font-size: 9.5pt; gap: 2pt 18pt; }
  .need { grid-template-columns: minmax(0, 1fr) 130pt; padding: 9pt 0 9pt 12pt; gap: 4pt 18pt; }
  .need dl { gap: 4pt; }
  .told li { padding: 6pt 0; }
  th, td { padding: 7px 8px; }
  th:first-child, td:first-child { padding-left: 0; }
  th:last-child, td:last-child { padding-right: 0; }
  .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; }
  .tiles { grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 8px; }
  .tile { padding: 10px 12px; }
  .tile .value { font-size: 17pt; }
  footer { break-inside: avoid; margin-top: 24pt; }
  a { color: inherit; text-decoration: none; }
}
`;
