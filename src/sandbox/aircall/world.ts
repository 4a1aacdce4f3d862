import type { SandboxClock } from '../clock.js';
import type { AircallSandboxSettings } from './settings.js';
import type { AircallState } from './state.js';

/** What every part of the simulated vendor works on; one per sandbox. */
export interface World {
  readonly settings: AircallSandboxSettings;
  readonly clock: SandboxClock;
  readonly state: AircallState;
  /** Origin used in links, without a trailing slash. */
  readonly baseUrl: () => string;
  /** Tells the company's webhooks. */
  readonly emit: (event: VendorEvent) => void;
}

export interface VendorEvent {
  readonly resource: 'user' | 'number' | 'team';
  readonly event: string;
  readonly data: unknown;
}
