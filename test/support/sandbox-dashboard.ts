import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DashboardView } from '../../src/sandbox/aircall/dashboard/view.js';
import type { FaultRuleInput } from '../../src/sandbox/fault-rules.js';
import type { FaultStatus } from '../../src/sandbox/faults.js';
import type { RequestLogEntry } from '../../src/sandbox/request-log.js';
import { until } from './service-process.js';

/** The simulated phone system as a person at the vendor sees it, over HTTP from another process. */
export interface Dashboard {
  state(): Promise<DashboardView>;
  /** Every API request with a number above `after`, oldest first. */
  requests(after?: number): Promise<readonly RequestLogEntry[]>;
  setFaults(rules: readonly FaultRuleInput[]): Promise<void>;
  faults(): Promise<readonly FaultStatus[]>;
  /** What a restart will find of them: counters are on disk a moment after they moved. */
  savedFaults(): Promise<readonly FaultStatus[]>;
  action<T>(name: string, input: object): Promise<T>;
  /** What the log file holds: to be asked while the service is down, too. */
  logged(): Promise<readonly RequestLogEntry[]>;
  /** Where the phone system answers. */
  apiUrl(): Promise<string>;
}

const LOG_PAGE = 10_000;

/** Finds port and key where the demo keeps them. */
export function connectDashboard(dataDir: string): Dashboard {
  const memory = async () =>
    JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')) as {
      readonly sandboxPort: number;
      readonly dashboardKey: string;
    };
  const send = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const { sandboxPort, dashboardKey } = await memory();
    return fetch(`http://127.0.0.1:${sandboxPort}/_dashboard/${path}`, {
      method,
      headers: { 'x-dashboard-key': dashboardKey, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    let response: Response | undefined;
    await until(async () => {
      response = await send(method, path, body).catch(() => undefined);
      return response !== undefined;
    }, `an answer of the dashboard to ${path}`);
    if (response?.ok === true) return (await response.json()) as T;
    throw new Error(`${method} ${path}: ${response?.status} ${await response?.text()}`);
  };
  return {
    state: () => ask('GET', 'state'),
    async requests(after = 0) {
      const all: RequestLogEntry[] = [];
      for (;;) {
        const from = all.at(-1)?.seq ?? after;
        const page = await ask<{ requests: RequestLogEntry[] }>(
          'GET',
          `requests?after=${from}&limit=${LOG_PAGE}`,
        );
        all.push(...page.requests);
        if (page.requests.length < LOG_PAGE) return all;
      }
    },
    async setFaults(rules) {
      await ask('PUT', 'faults', { rules });
    },
    faults: async () => (await ask<{ faults: FaultStatus[] }>('GET', 'faults')).faults,
    async savedFaults() {
      const state = JSON.parse(await readFile(join(dataDir, 'sandbox/aircall.json'), 'utf8')) as {
        readonly faults: readonly FaultStatus[];
      };
      return state.faults;
    },
    action: async (name, input) => (await ask<{ result: never }>('POST', `actions/${name}`, input)).result,
    async logged() {
      const log = await readFile(join(dataDir, 'sandbox/aircall-requests.jsonl'), 'utf8').catch(() => '');
      // What stands behind the last line break is still being written.
      const lines = log.split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line) as RequestLogEntry);
    },
    apiUrl: async () => `http://127.0.0.1:${(await memory()).sandboxPort}`,
  };
}
