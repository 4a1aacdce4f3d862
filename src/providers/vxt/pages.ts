import type { DashboardPlace } from '../dashboard.js';
import type { VxtConfig } from './settings.js';

/** Single members and numbers have no address that is known: the list is as deep as a link goes. */
export function vxtPage(config: VxtConfig, place: DashboardPlace): string {
  const path = place.page === 'number' || place.page === 'numbers' ? config.numbersPath : config.membersPath;
  return `${config.dashboardUrl}${path}`;
}

export function recordsPage({ dashboardUrl, recordsPath }: VxtConfig): string {
  return `${dashboardUrl}${recordsPath}`;
}
