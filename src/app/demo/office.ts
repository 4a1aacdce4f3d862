import { z } from 'zod';
import { ROBOT_ACTIONS, makeRobot, type RobotDeps } from '../../sandbox/vxt/robot.js';
import { makeRecordReader } from '../../store/manual/record-reader.js';
import type { Services } from '../services.js';
import { actOnDashboard, askDashboard } from './dashboard.js';
import { DEMO_TENANT } from './tenant.js';
import { importList, VXT_ACCOUNT } from './vxt.js';

const exportSchema = z.object({ csv: z.string(), exportedAt: z.number() });

/**
 * What people do in the demo's simulated VXT: whatever the open checklists say, in their order, and then an import of
 * its member list, by which the steps are confirmed.
 */
export async function workThroughChecklists(
  services: Services,
  { url, dashboardKey }: { readonly url: string; readonly dashboardKey: string },
): Promise<void> {
  const tenant = await services.tenants.bySlug(DEMO_TENANT);
  const account = await services.accounts.byName(tenant.id, VXT_ACCOUNT);
  const key = { tenantId: tenant.id, accountId: account.id };
  const steps = await makeRecordReader(services.database).openSteps(key);
  if (steps.length === 0) return;
  const act = (name: string, input: unknown) => actOnDashboard(url, dashboardKey, { name, input });
  const dashboard = Object.fromEntries(
    ROBOT_ACTIONS.map((name) => [name, (input: unknown) => act(name, input)]),
  ) as unknown as RobotDeps['dashboard'];
  const look = async () => (await askDashboard(url, dashboardKey)) as Awaited<ReturnType<RobotDeps['look']>>;
  const robot = makeRobot({ dashboard, look });
  for (const step of steps) await robot.do(step);
  await importList(services, account, exportSchema.parse(await act('exportMembers', {})));
}
