import type { Command } from 'commander';
import type { LeaverParts } from '../leavers.js';
import type { Services } from '../services.js';

/** What a command about leavers does, on everything it may need. */
export type Work<T> = (
  parts: LeaverParts & { readonly tenantId: string; readonly services: Services },
) => Promise<T>;

export interface TenantOption {
  readonly tenant: string;
}

export type WithLeavers = <T>(options: TenantOption, work: Work<T>) => Promise<T>;

export function tenantCommand(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description).requiredOption('--tenant <slug>', 'tenant');
}
