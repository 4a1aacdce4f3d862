/** The guided way of a set-up: the steps beside the page, or above it on a narrow screen. */
export const SETUP_STYLES = `
.guided { display: grid; grid-template-columns: 296px minmax(0, 1fr); min-height: 100vh; }
.guided > main { padding: 48px 56px 80px; max-width: 880px; width: 100%; }
.guide { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 28px 20px; border-right: 1px solid var(--line); background: var(--surface); display: flex; flex-direction: column; gap: 28px; }
.guide .brand { padding: 0 8px; }
.guide-for { padding: 0 8px; display: grid; gap: 4px; }
.guide-steps { display: grid; gap: 2px; }
.guide-steps a, .guide-steps span.todo { display: flex; gap: 12px; align-items: center; padding: 7px 8px; border-radius: 8px; color: var(--quiet); text-decoration: none; font-weight: 520; }
.guide-steps a:hover { background: var(--sunken); color: var(--ink); }
.guide-steps a[aria-current] { background: var(--accent-soft); color: var(--accent); font-weight: 620; }
.dot { flex: none; width: 22px; height: 22px; border-radius: 50%; border: 1.5px solid var(--field); display: grid; place-items: center; font-size: 12px; line-height: 1; font-weight: 650; }
.dot .icon { width: 13px; height: 13px; stroke-width: 2.2; }
.done > .dot { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
a[aria-current] > .dot { border-color: var(--accent); }
.guide-foot { margin-top: auto; padding: 0 8px; }
.kicker { font-size: 13px; line-height: 20px; font-weight: 620; color: var(--accent); margin-bottom: 4px; }
.kicker { display: flex; justify-content: space-between; gap: 12px; }
.step-back { display: none; font-weight: 520; }
.step-head { margin-bottom: 28px; display: grid; gap: 6px; }
.step-foot { display: flex; flex-wrap: wrap; gap: 12px 20px; align-items: center; margin-top: 28px; }
.picks { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 210px), 1fr)); }
.pick { display: flex; gap: 14px; align-items: center; min-height: 68px; padding: 12px 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: var(--ink); font: inherit; font-weight: 600; text-align: left; cursor: pointer; box-shadow: var(--shadow); }
.pick:hover { border-color: var(--accent); }
.pick.chosen { border-color: var(--accent); background: var(--accent-soft); }
.pick-mark { flex: none; width: 36px; height: 36px; border-radius: 9px; display: grid; place-items: center; background: var(--sunken); color: var(--quiet); font-weight: 700; }
.pick.chosen .pick-mark { background: var(--surface); color: var(--accent); }
.todo-list { counter-reset: step; display: grid; gap: 20px; }
.todo-list > li { counter-increment: step; display: grid; grid-template-columns: 28px minmax(0, 1fr); gap: 0 12px; }
.todo-list > li::before { content: counter(step); width: 28px; height: 28px; border-radius: 50%; background: var(--sunken); color: var(--quiet); display: grid; place-items: center; font-size: 13px; font-weight: 650; }
.todo-list > li > div { display: grid; gap: 8px; padding-top: 3px; min-width: 0; }
.copy { display: flex; gap: 8px; align-items: stretch; min-width: 0; }
.copy > code { flex: 1 1 auto; min-width: 0; padding: 9px 12px; border-radius: 8px; line-height: 20px; user-select: all; }
.copy > .button { flex: none; min-width: 84px; min-height: 38px; }
.copy > .button.done { border-color: var(--good); color: var(--good); }
[hidden] { display: none !important; }
@media (scripting: enabled) {
  /* Its room is kept until the script shows it: what stands below must not move. */
  .copy > .button[hidden] { display: inline-flex !important; visibility: hidden; }
  .field[data-scripted][hidden] { display: grid !important; visibility: hidden; }
}
.verdict { display: flex; gap: 16px; align-items: flex-start; padding: 20px; }
.verdict h2 { line-height: 28px; }
.waiting { display: grid; gap: 20px; justify-items: center; text-align: center; padding: 44px 24px; }
.pulse { width: 56px; height: 56px; border-radius: 50%; display: grid; place-items: center; background: var(--accent-soft); color: var(--accent); }
.pulse.good { background: var(--good-soft); color: var(--good); }
.pulse .icon { width: 26px; height: 26px; }
.plain-list > li { display: flex; gap: 10px; align-items: flex-start; }
.plain-list .icon { margin-top: 4px; color: var(--good); }
.guided .note { margin-top: 20px; }
.grants td { vertical-align: middle; }
.grants select, .grants input { min-width: 120px; }
.guide-brief { display: none; }
@media (prefers-reduced-motion: no-preference) {
  .pulse.live { animation: pulse 1.8s ease-in-out infinite; }
  @keyframes pulse { 50% { box-shadow: 0 0 0 12px transparent; } 0% { box-shadow: 0 0 0 0 var(--accent-soft); } }
}
@media (max-width: 920px) {
  .guided { display: block; }
  .guided > main { padding: 24px 16px 56px; }
  .guide { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); padding: 14px 16px; gap: 12px; }
  .guide .brand, .guide-for { padding: 0; }
  .guide-steps, .guide-foot { display: none; }
  .step-back { display: inline; }
  .guide-brief { display: grid; gap: 8px; }
  .guide-brief progress { width: 100%; height: 6px; appearance: none; border: 0; border-radius: 3px; background: var(--sunken); overflow: hidden; }
  .guide-brief progress::-webkit-progress-bar { background: var(--sunken); }
  .guide-brief progress::-webkit-progress-value { background: var(--accent); border-radius: 3px; }
  .guide-brief progress::-moz-progress-bar { background: var(--accent); }
}
@media (max-width: 480px) {
  .copy { flex-direction: column; }
  .copy > .button { align-self: flex-start; }
  .step-foot .button, .step-foot form { width: 100%; }
}
`;
