import type { SandboxClock } from '../clock.js';
import type { SmartfloSandboxSettings } from './settings.js';
import type { SmartfloState } from './state.js';

/** What every part of the simulated vendor works on; one per sandbox. */
export interface World {
  readonly settings: SmartfloSandboxSettings;
  readonly clock: SandboxClock;
  readonly state: SmartfloState;
  /** Origin used in links, without a trailing slash. */
  readonly baseUrl: () => string;
}
