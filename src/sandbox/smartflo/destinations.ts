import { userByAgent } from './users.js';
import type { World } from './world.js';

const KINDS_WITHOUT_CHECK = ['ivr', 'auto_attend', 'time_condition', 'api_dialplan', 'custom_dialplan'];

/** Whether a number may lead there (vendors.md 2.3): agents and departments must exist. */
export function isDestination(world: World, destination: string): boolean {
  const [kind = '', target = ''] = destination.split('||');
  if (kind === 'hangup') return target === '1';
  if (kind === 'agent') return userByAgent(world, target) !== undefined;
  if (kind === 'department') return world.state.departments.get(Number(target)) !== undefined;
  return KINDS_WITHOUT_CHECK.includes(kind);
}
