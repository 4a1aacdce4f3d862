import express, { type Express, type Router } from 'express';

import { makeSandboxClock } from '../clock.js';
import { makeActionMethods, makeRunAction } from '../dashboard/action.js';
import { dashboardRouter } from '../dashboard/http.js';
import { makeSandboxServer, type SandboxAddress } from '../server.js';
import { makeStateFile } from '../state-file.js';
import { actions, type DashboardActions } from './dashboard/dashboard.js';
import { dashboardView, type DashboardView } from './dashboard/view.js';
import { memberList } from './export.js';
import { pagesRouter } from './pages/router.js';
import { vxtSandboxSettingsSchema, type VxtSandboxSettingsInput } from './settings.js';
import { makeState, readSavedState, saveState } from './state.js';
import type { World } from './world.js';

export interface VxtSandboxOptions {
  /** Kept in memory only when absent. */
  readonly stateFile?: string;
  readonly settings?: VxtSandboxSettingsInput;
  /** Milliseconds since the epoch; the system's clock when absent. */
  readonly now?: () => number;
}

export interface VxtSandbox {
  /** Listens on `host` (127.0.0.1) and `port` (0, any free one). Rejects when the port is taken. */
  start(at?: { readonly host?: string; readonly port?: number }): Promise<SandboxAddress>;
  /** Cuts all connections, saves, and frees the port. May be started again afterwards. */
  stop(): Promise<void>;
  /** What a person does in the vendor's dashboard. There is no other way in. */
  readonly dashboard: DashboardActions;
  snapshot(): DashboardView;
}

/** A simulated VXT organisation: no API, only what people see and click. Throws when settings or state file are unusable. */
export function makeVxtSandbox(options: VxtSandboxOptions = {}): VxtSandbox {
  const settings = vxtSandboxSettingsSchema.parse(options.settings ?? {});
  const stateFile = makeStateFile({ file: options.stateFile, durability: settings.durability, serialise });
  const saved = readSavedState(stateFile.read(), options.stateFile ?? '');
  const state = makeState(saved);
  const clock = makeSandboxClock({ now: options.now ?? Date.now, offsetMs: saved?.clockOffsetMs ?? 0 });
  const world: World = { settings, clock, state };

  function serialise(): string {
    return JSON.stringify(saveState(state, clock.offsetMs()));
  }

  const view = (): DashboardView => dashboardView(world);
  const run = makeRunAction({ world, actions, settle: () => stateFile.settle() });
  const key = settings.dashboardKey;
  const isAction = (name: string): boolean => Object.hasOwn(actions, name);
  const dashboard = key === null ? null : dashboardRouter({ key, run, isAction, view, api: null });
  const server = makeSandboxServer(
    makeApp(pagesRouter({ view, run, memberList: () => memberList(world), settings }), dashboard),
  );

  return {
    snapshot: view,
    dashboard: makeActionMethods(actions, run),
    start: ({ host = '127.0.0.1', port = 0 } = {}) => server.start({ host, port }),
    async stop() {
      await server.stop();
      await stateFile.close();
    },
  };
}

function makeApp(pages: Router, dashboard: Router | null): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  if (dashboard !== null) app.use('/_dashboard', dashboard);
  return app.use(pages);
}
