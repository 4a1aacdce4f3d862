import { makeSandboxClock } from '../clock.js';
import { makeActionMethods, makeRunAction } from '../dashboard/action.js';
import { dashboardRouter } from '../dashboard/http.js';
import { makeExchange, type Exchange } from '../exchange.js';
import { makeFaultScript, type FaultScript, type FaultStatus } from '../faults.js';
import type { FaultRuleInput } from '../fault-rules.js';
import { makeRequestLog, type RequestLog } from '../request-log.js';
import { makeSandboxServer, type SandboxAddress } from '../server.js';
import { makeStateFile, type StateFile } from '../state-file.js';
import { makeAdmission } from './admission.js';
import { makeApp } from './app.js';
import { actions, type DashboardActions } from './dashboard/dashboard.js';
import { dashboardView, type DashboardView } from './dashboard/view.js';
import { makeDelivery } from './delivery.js';
import { disturb } from './disturb.js';
import { makeLimiter, type Limiter } from './limiter.js';
import { edgeReply } from './replies.js';
import { aircallSandboxSettingsSchema, type AircallSandboxSettingsInput } from './settings.js';
import { makeState, readSavedState, saveState } from './state.js';
import type { World } from './world.js';

export interface AircallSandboxOptions {
  /** Kept in memory only when absent. Holds API tokens: mode 0600. */
  readonly stateFile?: string;
  /** JSON lines, appended; in memory only when absent. */
  readonly requestLogFile?: string;
  readonly settings?: AircallSandboxSettingsInput;
  /** Milliseconds since the epoch; the system's clock when absent. */
  readonly now?: () => number;
}

export interface AircallSandbox {
  /** Listens on `host` (127.0.0.1) and `port` (0, any free one). Rejects when the port is taken. */
  start(at?: { readonly host?: string; readonly port?: number }): Promise<SandboxAddress>;
  /** Cuts all connections, saves, and frees the port. May be started again afterwards. */
  stop(): Promise<void>;
  /** What a person does in the vendor's Dashboard. */
  readonly dashboard: DashboardActions & {
    /** Resolves when no webhook delivery is queued any more. */
    webhooksIdle(): Promise<void>;
  };
  readonly faults: {
    /** Replaces the script; rejects and changes nothing when a rule is wrong. */
    set(rules: readonly FaultRuleInput[]): Promise<void>;
    clear(): Promise<void>;
    list(): readonly FaultStatus[];
  };
  readonly requestLog: Pick<RequestLog, 'entries' | 'lastSeq'>;
  /** The company with all that the API hides. */
  snapshot(): DashboardView;
}

/** A simulated Aircall company over HTTP. Throws when the settings or the state file are unusable. */
export function makeAircallSandbox(options: AircallSandboxOptions = {}): AircallSandbox {
  const settings = aircallSandboxSettingsSchema.parse(options.settings ?? {});
  const log = makeRequestLog({ file: options.requestLogFile, kept: settings.requestLogKept });
  const faults = makeFaultScript({ seed: settings.seed });
  const stateFile = makeStateFile({ file: options.stateFile, durability: settings.durability, serialise });
  const saved = readSavedState(stateFile.read(), options.stateFile ?? '');
  const state = makeState(saved);
  const clock = makeSandboxClock({ now: options.now ?? Date.now, offsetMs: saved?.clockOffsetMs ?? 0 });
  const nowSeconds = (): number => Math.floor(clock.now() / 1000);
  const changed = (): void => stateFile.changed();
  const delivery = makeDelivery({ state, settings, nowSeconds, realNow: Date.now, changed });
  const settle = (): Promise<void> => stateFile.settle();
  let origin = '';
  const baseUrl = (): string => settings.publicUrl?.replace(/\/$/u, '') ?? origin;
  const world: World = { settings, clock, state, baseUrl, emit: delivery.emit };

  function serialise(): string {
    const logged = { lastSeq: log.lastSeq(), entries: log.unpersisted() };
    return JSON.stringify(
      saveState(state, { clockOffsetMs: clock.offsetMs(), faults: faults.list(), log: logged }),
    );
  }

  if (saved !== null) log.recover(saved.log);
  if (settings.faults.length > 0) faults.set(settings.faults);
  else faults.restore(saved?.faults ?? []);

  const view = (): DashboardView => dashboardView(world, delivery.counts());
  const run = makeRunAction({ world, actions, settle });
  const key = settings.dashboardKey;
  const limiter = makeLimiter(world);
  const exchange = makeVendorExchange({
    world,
    limiter,
    log,
    stateFile,
    faults,
    stopSignal: () => server.stopSignal(),
  });
  const isAction = (name: string): boolean => Object.hasOwn(actions, name);
  const dashboard =
    key === null ? null : dashboardRouter({ key, run, isAction, view, api: { log, faults, settle } });
  const server = makeSandboxServer(makeApp({ world, exchange, dashboard }));

  return {
    requestLog: log,
    snapshot: view,
    dashboard: { ...makeActionMethods(actions, run), webhooksIdle: delivery.idle },
    faults: {
      list: faults.list,
      async set(rules) {
        faults.set(rules);
        await settle();
      },
      async clear() {
        faults.clear();
        await settle();
      },
    },
    async start({ host = '127.0.0.1', port = 0 } = {}) {
      const address = await server.start({ host, port });
      origin = address.url;
      delivery.start();
      return address;
    },
    async stop() {
      await server.stop();
      await delivery.stop();
      await stateFile.close();
      log.close();
    },
  };
}

function makeVendorExchange(parts: {
  readonly world: World;
  readonly limiter: Limiter;
  readonly log: RequestLog;
  readonly stateFile: StateFile;
  readonly faults: FaultScript;
  readonly stopSignal: () => AbortSignal;
}): Exchange {
  const { world, limiter } = parts;
  return makeExchange({
    ...parts,
    clock: world.clock,
    baseUrl: world.baseUrl,
    admit: makeAdmission({ world, limiter }),
    ordinaryHeaders: limiter.ordinaryHeaders,
    faultReply: (status) => (status === 429 ? limiter.tooMany() : edgeReply(status)),
    disturb: (rule) => disturb(world, rule),
  });
}
