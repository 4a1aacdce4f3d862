import type { SetupStep } from '../../sso/setup-ports.js';

/** Where the pages of a set-up are mounted. */
export const SETUP_PATH = '/setup';

export const setupPaths = {
  home: () => SETUP_PATH,
  link: (token: string) => `${SETUP_PATH}/${encodeURIComponent(token)}`,
  step(step: SetupStep, query: Readonly<Record<string, string>> = {}): string {
    const given = new URLSearchParams(query).toString();
    return `${SETUP_PATH}/steps/${step}${given === '' ? '' : `?${given}`}`;
  },
  arrival: () => `${SETUP_PATH}/arrival`,
  impact: () => `${SETUP_PATH}/impact`,
} as const;
