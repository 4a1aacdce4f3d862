import { AppError } from '../../domain/errors.js';
import type { Services } from '../services.js';
import type { DemoMemory } from './memory.js';

/** A simulated phone system that runs beside the demo's Aircall, with an account of its own in the demo tenant. */
export interface DemoSystem {
  /** Where it answers. */
  readonly url: string;
  readonly port: number;
  /** What it is, for the banner, such as `simulated Smartflo`. */
  readonly description: string;
  /** Makes sure that the demo tenant has an account here, and that it points at the present port. */
  ensureAccount(services: Services, tenantId: string): Promise<void>;
  stop(): Promise<void>;
}

export interface DemoSystemOptions {
  readonly dataDir: string;
  readonly memory: DemoMemory;
  /** The port of the last start; 0 takes any free one. */
  readonly port: number;
}

export type StartDemoSystem = (options: DemoSystemOptions) => Promise<DemoSystem>;

/** The system whose sandbox the demo's morning is checked against. */
export const MAIN_SYSTEM = 'aircall';

/** What `--systems` may name beside `aircall`. Adding one is its line here. */
export const DEMO_SYSTEMS: Readonly<Record<string, StartDemoSystem>> = {};

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
  { dataDir, memory }: Pick<DemoSystemOptions, 'dataDir' | 'memory'>,
): Promise<ReadonlyMap<string, DemoSystem>> {
  const running = new Map<string, DemoSystem>();
  try {
    for (const name of names) {
      const start = DEMO_SYSTEMS[name];
      if (start === undefined) continue;
      running.set(name, await start({ dataDir, memory, port: memory.systemPorts[name] ?? 0 }));
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
