import type { Step } from '../../src/manual/ports.js';
import { makeRobot } from '../../src/sandbox/vxt/robot.js';
import { makeVxtSandbox, type VxtSandbox } from '../../src/sandbox/vxt/sandbox.js';
import { DIRECT, LINE, openVxtEngine, type VxtFixture, type VxtOptions } from './vxt-engine.js';

/** A VXT account with the organisation behind it, and somebody who works there and ticks nothing. */
export interface VxtOffice extends VxtFixture {
  readonly sandbox: VxtSandbox;
  /** Does in the dashboard what every open checklist says, in its order, and confirms nothing. Returns the titles. */
  work(): Promise<readonly string[]>;
  /**
   * Exports the member list and imports it as a complete one; `removes` is how many people it is said to take away,
   * `as-shown` whatever the preview said.
   */
  importList(removes?: number | 'as-shown'): Promise<Readonly<Record<string, number>>>;
}

export const ADMIN = 'olga@example.com';

export async function openVxtOffice(options: VxtOptions = {}): Promise<VxtOffice> {
  const vxt = await openVxtEngine({ ...options, config: { startsEmpty: false, ...options.config } });
  const { clock } = vxt.engine.directory;
  const sandbox = makeVxtSandbox({ settings: { durability: 'none' }, now: () => clock.now().getTime() });
  await sandbox.dashboard.seedOrganisation({
    name: 'Acme Law',
    admin: { email: ADMIN, name: 'Olga Tester' },
    numbers: [
      { name: 'Line', number: LINE },
      { name: 'Direct', number: DIRECT },
    ],
  });
  const robot = makeRobot({ dashboard: sandbox.dashboard, look: () => Promise.resolve(sandbox.snapshot()) });
  return {
    ...vxt,
    sandbox,
    async work() {
      const steps: readonly Step[] = await vxt.open();
      for (const step of steps) await robot.do(step);
      return steps.map(({ title }) => title);
    },
    async importList(said = 0) {
      const { csv, exportedAt } = await sandbox.dashboard.exportMembers({});
      const { account } = vxt;
      const actor = 'test:ada';
      const preview = await vxt.imports.preview({
        account, actor, text: csv, fileName: 'members.csv', isComplete: true, exportedAt: new Date(exportedAt),
      }); // prettier-ignore
      const { digest, row, merge } = preview;
      const removes = said === 'as-shown' ? merge.removed.length : said;
      const figures = await vxt.imports.apply({ account, actor, digest, removes, importId: row.id });
      await vxt.engine.settle();
      return figures;
    },
    async close() {
      await sandbox.stop();
      await vxt.close();
    },
  };
}
