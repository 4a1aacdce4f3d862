/** The frame around every page: navigation beside the page, or above it on a narrow screen. */
export const FRAME_STYLES = `
.framed { display: grid; grid-template-columns: 236px minmax(0, 1fr); min-height: 100vh; }
.framed > main { padding: 32px 40px 64px; max-width: 1180px; width: 100%; }
.bare > main { min-height: 100vh; display: grid; grid-template-columns: minmax(0, 400px); place-content: center; padding: 24px 16px; }
.sidebar { padding: 20px 12px; border-right: 1px solid var(--line); position: sticky; top: 0; height: 100vh; overflow-y: auto; display: flex; flex-direction: column; }
.brand { display: flex; align-items: center; gap: 8px; padding: 4px 12px 20px; color: var(--ink); text-decoration: none; font-weight: 680; font-size: 17px; letter-spacing: -.01em; }
.menu-button { display: none; }
.menu { display: flex; flex-direction: column; flex: 1; position: static; margin: 0; padding: 0; border: 0; width: auto; height: auto; background: none; color: inherit; overflow: visible; inset: auto; }
.menu nav a { display: flex; align-items: center; gap: 12px; padding: 8px 12px; margin-bottom: 2px; border-radius: 8px; color: var(--quiet); text-decoration: none; font-weight: 520; }
.menu nav a:hover { background: var(--sunken); color: var(--ink); }
.menu nav a[aria-current] { background: var(--accent-soft); color: var(--accent); font-weight: 600; }
.count { margin-left: auto; min-width: 24px; padding: 0 8px; border-radius: 12px; background: var(--warn-soft); color: var(--warn); font-size: 12px; line-height: 20px; font-weight: 650; text-align: center; }
.who { margin-top: auto; padding: 16px 12px 4px; border-top: 1px solid var(--line); }
.who-name { font-weight: 600; }
.page-head { display: flex; flex-wrap: wrap; align-items: flex-start; justify-content: space-between; gap: 16px; margin-bottom: 24px; }
.page-head > div:first-child { min-width: 0; flex: 1 1 320px; }
.page-head .lead { margin-top: 4px; }
.crumbs { font-size: 13px; line-height: 20px; margin-bottom: 4px; }
.crumbs a { color: var(--quiet); }
.message { display: flex; gap: 12px; align-items: flex-start; padding: 12px 16px; margin-bottom: 24px; border-radius: var(--radius); font-weight: 520; }
.message .icon { margin-top: 3px; }
.message.good { background: var(--good-soft); color: var(--good); }
.message.bad { background: var(--bad-soft); color: var(--bad); }
.failure { padding: 32px 0; display: grid; gap: 16px; }
.failure-code { font-size: 40px; line-height: 48px; font-weight: 700; color: var(--quiet); }
@media (max-width: 860px) {
  .framed { display: block; }
  .framed > main { padding: 20px 16px 48px; }
  .sidebar { position: static; height: auto; flex-direction: row; align-items: center; justify-content: space-between; padding: 8px 16px; border-right: 0; border-bottom: 1px solid var(--line); background: var(--surface); }
  .brand { padding: 4px 0; }
  .menu-button { display: inline-flex; align-items: center; gap: 8px; font: inherit; font-weight: 600; color: var(--ink); background: none; border: 1px solid var(--line); border-radius: 8px; padding: 8px 12px; min-height: 40px; }
  .menu { display: none; }
  .menu:popover-open { display: flex; position: fixed; inset: 0; width: auto; height: 100dvh; max-width: none; max-height: none; background: var(--surface); padding: 64px 16px 24px; overflow-y: auto; gap: 24px; }
  .menu nav a { padding: 12px; }
  .menu::backdrop { background: rgb(0 0 0 / 40%); }
}
`;
