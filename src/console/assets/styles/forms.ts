/** Forms and buttons. Anything to press is at least 40 px high. */
export const FORM_STYLES = `
.button, button.button { display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-height: 40px; padding: 8px 16px; border: 1px solid transparent; border-radius: 8px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; text-decoration: none; cursor: pointer; }
.button:hover { filter: brightness(1.08); }
.button.plain { background: var(--surface); border-color: var(--field); color: var(--ink); }
.button.plain:hover { background: var(--sunken); filter: none; }
.button.danger { background: var(--bad); color: var(--surface); }
.button.small { min-height: 32px; padding: 4px 12px; font-size: 13px; line-height: 20px; }
button.link { background: none; border: 0; padding: 4px 0; font: inherit; font-size: 13px; color: var(--accent); text-decoration: underline; text-underline-offset: 3px; cursor: pointer; min-height: 24px; }
.field { display: grid; gap: 4px; min-width: 0; align-content: start; }
.field label, .field .label { font-weight: 600; }
.field .hint { font-size: 13px; line-height: 20px; color: var(--quiet); }
.fields { display: grid; gap: 20px; grid-template-columns: minmax(0, 1fr); max-width: 560px; }
.fields.wide { max-width: none; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); }
input:not([type=checkbox]):not([type=radio]):not([type=hidden]), select, textarea { width: 100%; min-height: 40px; padding: 8px 12px; border: 1px solid var(--field); border-radius: 8px; background: var(--surface); color: var(--ink); font: inherit; }
textarea { min-height: 96px; resize: vertical; }
textarea.code { font: 13px/20px var(--mono); min-height: 480px; tab-size: 2; white-space: pre; overflow-wrap: normal; overflow-x: auto; }
input:focus-visible, select:focus-visible, textarea:focus-visible { outline-offset: 0; border-color: var(--accent); border-radius: 8px; }
input:not([type=checkbox]):not([type=radio]):not([type=hidden]), select { height: 42px; }
input::placeholder { color: var(--quiet); opacity: 1; }
.choice { align-self: start; display: flex; gap: 12px; align-items: flex-start; padding: 12px 16px; border: 1px solid var(--line); border-radius: 8px; }
.choice:has(:checked) { border-color: var(--accent); background: var(--accent-soft); }
.choice input { margin: 4px 0 0; width: 16px; height: 16px; accent-color: var(--accent); flex: none; }
.check { display: flex; gap: 12px; align-items: flex-start; }
.check input, .tick input { margin: 4px 0 0; width: 16px; height: 16px; accent-color: var(--accent); flex: none; }
.tick { flex: none; display: inline-flex; gap: 8px; align-items: flex-start; min-width: 24px; min-height: 24px; font-weight: 400; }
.tick[hidden] { display: none; }
.rows > li > .tick { align-self: flex-start; }
.rows > li > .tick + .grow { flex-basis: 200px; }
.many { display: flex; flex-wrap: wrap; gap: 12px; align-items: end; padding: 16px 20px; border-top: 1px solid var(--line); background: var(--sunken); border-radius: 0 0 var(--radius) var(--radius); }
.many legend { float: left; width: 100%; margin: 0; }
.many .field { flex: 1 1 200px; }
.many .field.search { flex: 2 1 220px; }
.toolbar { display: flex; flex-wrap: wrap; gap: 12px; align-items: end; padding: 16px 20px; }
.toolbar .field { flex: 1 1 160px; }
.toolbar .field:has([type=datetime-local]) { flex-basis: 260px; }
.toolbar .field.search { flex: 3 1 240px; }
.panel { width: min(100%, 400px); min-width: min(360px, calc(100vw - 32px)); display: grid; gap: 24px; padding: 32px; }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; display: grid; gap: 8px; }
legend { font-weight: 600; padding: 0; margin-bottom: 8px; }
.confirm { display: flex; flex-wrap: wrap; gap: 12px; align-items: end; }
.confirm .field { flex: 1 1 220px; }
`;
