import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

import {
  makeAircallSandbox,
  type AircallSandbox,
  type AircallSandboxOptions,
} from '../../../src/sandbox/aircall/sandbox.js';
import type { AircallSandboxSettingsInput } from '../../../src/sandbox/aircall/settings.js';
import type { SeededCompany } from '../../../src/sandbox/aircall/dashboard/seed.js';

/** 2027-01-15T08:00:00Z: the time in every test sandbox until the test advances it. */
export const START_MS = 1_800_000_000_000;

/* eslint-disable typescript/no-explicit-any -- test bodies are read by key and asserted, not typed */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any;
}

export interface Fixture {
  readonly sandbox: AircallSandbox;
  readonly url: string;
  readonly company: SeededCompany;
  /** One API call as the company's integration; `path` starts with `/` or is a whole URL. */
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  createUser(email: string, more?: Record<string, unknown>): Promise<number>;
}

/** A started sandbox with an Owner, the teams Support and Sales, and two numbers ringing Support. */
export async function openSandbox(
  settings: AircallSandboxSettingsInput = {},
  options: Omit<AircallSandboxOptions, 'settings'> = {},
): Promise<Fixture> {
  const sandbox = makeAircallSandbox({
    now: () => START_MS,
    ...options,
    settings: { requestsPerMinute: null, ...settings },
  });
  onTestFinished(() => sandbox.stop());
  const company = await sandbox.dashboard.seedCompany({
    name: 'Example',
    owner: { email: 'owner@example.com', firstName: 'Olive', lastName: 'Owner' },
    teams: ['Support', 'Sales'],
    numbers: [
      { name: 'Classic', digits: '+33 1 76 11 11 11', ringsTeams: ['Support'] },
      { name: 'Flow', digits: '+33 1 76 22 22 22', isSmartflows: true, ringsTeams: ['Support'] },
    ],
  });
  const { url } = await sandbox.start();
  const call = apiClient(url, company);
  return {
    sandbox,
    url,
    company,
    call,
    async createUser(email, more = {}) {
      const { body } = await call('POST', '/v2/users', {
        email,
        first_name: 'Ada',
        last_name: 'Byron',
        ...more,
      });
      return body.user.id as number;
    },
  };
}

export function apiClient(
  url: string,
  { apiId, apiToken }: { apiId: string; apiToken: string },
): Fixture['call'] {
  const authorization = `Basic ${Buffer.from(`${apiId}:${apiToken}`).toString('base64')}`;
  return (method, path, body) =>
    send(method, path.startsWith('http') ? path : url + path, { authorization, ...jsonType(method) }, body);
}

/** A call with exactly these headers. */
export async function send(
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Answer> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, { method, headers, body: text ?? null });
  const received = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(received) : received,
  };
}

function jsonType(method: string): Record<string, string> {
  return method === 'GET' ? {} : { 'content-type': 'application/json' };
}

/** A directory that goes away with the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-sandbox-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Resolves when the condition holds; rejects after five minutes. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 300_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('The condition did not come true within five minutes.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export interface Receiver {
  readonly url: string;
  readonly received: {
    event: string;
    token: string;
    resource: string;
    timestamp: number;
    data: { id: number };
  }[];
}

/** A receiver on this machine that answers with the statuses given, then 200. */
export async function openReceiver(statuses: readonly number[] = []): Promise<Receiver> {
  const received: Receiver['received'] = [];
  const remaining = [...statuses];
  const server = createServer((req, res) => {
    let text = '';
    req.on('data', (chunk) => (text += chunk));
    req.on('end', () => {
      received.push(JSON.parse(text));
      res.writeHead(remaining.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}
