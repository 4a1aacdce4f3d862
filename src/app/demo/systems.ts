import { AppError } from '../../domain/errors.js';
import { startSmartfloSystem } from './smartflo.js';
import type { DemoSystem, DemoSystemOptions, StartDemoSystem } from './system.js';
import { startVxtSystem } from './vxt.js';

/** The system whose sandbox the demo's morning is checked against. */
export const MAIN_SYSTEM = 'aircall';

/** What `--systems` may name beside `aircall`. Adding one is its line here. */
export const DEMO_SYSTEMS: Readonly<Record<string, StartDemoSystem>> = {
  smartflo: startSmartfloSystem,
  vxt: startVxtSystem,
};

/** Those of the chosen systems that run beside Aircall. @throws AppError `invalid` that names what there is */
export function otherSystems(chosen: readonly string[]): readonly string[] {
  const unknown = chosen.find((name) => name !== MAIN_SYSTEM && !Object.hasOwn(DEMO_SYSTEMS, name));
  if (unknown !== undefined) {
    const known = [MAIN_SYSTEM, ...Object.keys(DEMO_SYSTEMS)].join(', ');
    throw new AppError('invalid', `There is no simulated phone system "${unknown}". Choose from: ${known}.`);
  }
  if (!chosen.includes(MAIN_SYSTEM)) {
    const wanted = [MAIN_SYSTEM, ...chosen].join(',');
    throw new AppError(
      'invalid',
      `The demo is checked against its simulated Aircall, so ${MAIN_SYSTEM} is always one of its systems: --systems ${wanted}`,
    );
  }
  return chosen.filter((name) => name !== MAIN_SYSTEM);
}

/** Starts each of them on its port of the last time where that is free. What was started stops if one cannot. */
export async function startSystems(
  names: readonly string[],
  shared: Omit<DemoSystemOptions, 'port'>,
): Promise<ReadonlyMap<string, DemoSystem>> {
  const running = new Map<string, DemoSystem>();
  try {
    for (const name of names) {
      const start = DEMO_SYSTEMS[name];
      if (start === undefined) continue;
      running.set(name, await start({ ...shared, port: shared.memory.systemPorts[name] ?? 0 }));
    }
    return running;
  } catch (error) {
    await stopSystems(running);
    throw error;
  }
}

export async function stopSystems(systems: ReadonlyMap<string, DemoSystem>): Promise<void> {
  for (const system of systems.values()) await system.stop();
}
