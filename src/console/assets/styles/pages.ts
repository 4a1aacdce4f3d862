/** What single pages need beyond the parts. */
export const PAGE_STYLES = `
.state { display: flex; gap: 16px; align-items: center; }
.state-mark { width: 48px; height: 48px; border-radius: 50%; display: grid; place-items: center; flex: none; background: var(--good-soft); color: var(--good); }
.state-mark .icon { width: 24px; height: 24px; stroke-width: 1.6; }
.state-mark.warn { background: var(--warn-soft); color: var(--warn); }
.state-mark.bad { background: var(--bad-soft); color: var(--bad); }
.state-mark.info { background: var(--info-soft); color: var(--info); }
.matter { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 4px 12px; align-items: center; padding: 14px 20px; color: var(--ink); text-decoration: none; border-top: 1px solid var(--line); }
.matters > li:first-child .matter { border-top: 0; }
.matter:hover { background: var(--sunken); }
.matter-dot { width: 10px; height: 10px; border-radius: 50%; background: var(--info); }
.matter-dot.trouble { background: var(--bad); border-radius: 2px; }
.matter-dot.warning { background: var(--mark); }
.figures { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); }
.figures a { display: grid; gap: 2px; padding: 14px 20px; height: 100%; align-content: start; color: var(--ink); text-decoration: none; }
.figures a:hover { background: var(--sunken); }
.figures > li { border-left: 1px solid var(--line); border-top: 1px solid var(--line); margin: -1px 0 0 -1px; }
.figures { overflow: hidden; border-radius: var(--radius); }
.figure { font-size: 20px; line-height: 28px; font-weight: 640; letter-spacing: -.01em; }
@media (max-width: 860px) { .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); } .figures a { padding: 12px 16px; } }
#checked:empty { display: none; }
.changes { display: grid; gap: 8px; }
.changes > li { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; }
.changes > li > div { flex: 1 1 240px; min-width: 0; }
.matter .icon { color: var(--quiet); }
.account-card { display: grid; gap: 16px; padding: 20px; }
.timeline { position: relative; padding: 0 20px 20px; }
.timeline > li { position: relative; padding: 0 0 16px 24px; border-left: 2px solid var(--line); margin-left: 4px; }
.timeline > li:last-child { border-left-color: transparent; padding-bottom: 0; }
.timeline > li::before { content: ""; position: absolute; left: -6px; top: 7px; width: 10px; height: 10px; border-radius: 50%; background: var(--surface); border: 2px solid var(--field); }
.timeline > li.bad::before { border-color: var(--bad); background: var(--bad); }
.timeline > li.change::before { border-color: var(--accent); background: var(--accent); }
.countdown { display: grid; gap: 2px; justify-items: end; min-width: 104px; }
.countdown strong { font-size: 17px; line-height: 24px; }
.note { margin-top: 12px; }
ol.checklist { list-style: none; padding: 0; margin: 0; counter-reset: step; }
ol.checklist > li { counter-increment: step; position: relative; padding: 12px 0 12px 44px; border-top: 1px solid var(--line); }
ol.checklist > li::before { content: counter(step); position: absolute; left: 0; top: 10px; width: 28px; height: 28px; border-radius: 14px; text-align: center; font-weight: 620; line-height: 28px; background: var(--sunken); color: var(--quiet); }
ol.checklist > li.done::before { content: '\\2713'; background: var(--good-soft); color: var(--good); }
ol.checklist > li.done > details > summary > span:first-child { color: var(--quiet); text-decoration: line-through; }
ol.checklist > li > details > summary { padding: 2px 0; overflow-wrap: anywhere; }
ol.checklist > li > details > .row { margin-top: 12px; align-items: flex-end; }
ol.checklist .steps { color: var(--quiet); }
.checklist + .checklist { margin-top: 12px; }
.steps { padding-left: 20px; display: grid; gap: 4px; }
.task { padding: 20px; display: grid; gap: 12px; }
.diff { font: 13px/20px var(--mono); overflow-x: auto; }
.diff span { display: block; white-space: pre; padding: 0 12px; }
.diff .added { background: var(--good-soft); color: var(--good); }
.diff .removed { background: var(--bad-soft); color: var(--bad); }
@media (max-width: 560px) {
  h1 { font-size: 22px; line-height: 28px; }
  .countdown { justify-items: start; }
  .pairs { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .pairs dd { margin-bottom: 8px; }
}
`;
