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
  /** What a simulated phone system should allow, where that can be chosen. */
  readonly requestsPerMinute: number;
}

export type StartDemoSystem = (options: DemoSystemOptions) => Promise<DemoSystem>;

/** Starts a sandbox where it was the last time, or wherever there is room. */
export async function startOnKnownPort<Address>(
  sandbox: { start(at: { readonly port: number }): Promise<Address> },
  port: number,
): Promise<Address> {
  try {
    return await sandbox.start({ port });
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (isTaken && port !== 0) return sandbox.start({ port: 0 });
    throw error;
  }
}
