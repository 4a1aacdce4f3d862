import { makeChecklists, type Checklists } from '../../src/manual/confirm.js';
import { makeImports, type ImportAccount, type Imports } from '../../src/manual/imports.js';
import type { Step } from '../../src/manual/ports.js';
import type { MappingRule, NumberGrant } from '../../src/domain/mapping.js';
import type { ProviderDefinition } from '../../src/providers/port.js';
import { vxt } from '../../src/providers/vxt/definition.js';
import { vxtConfigSchema, type VxtConfig } from '../../src/providers/vxt/settings.js';
import type { OpenVendor } from '../../src/reconcile/ports.js';
import { makeImportStore } from '../../src/store/manual/imports.js';
import { readRecord } from '../../src/store/manual/record.js';
import { makeRecordReader } from '../../src/store/manual/record-reader.js';
import { makeStepStore } from '../../src/store/manual/steps.js';
import { groupRule, openEngine, type EngineFixture, type EngineOptions } from './engine.js';

export const LINE = '+6491234567';
export const DIRECT = '+6497654321';

export interface VxtFixture {
  readonly engine: EngineFixture;
  readonly checklists: Checklists;
  readonly imports: Imports;
  readonly account: ImportAccount;
  /** Open steps of everybody, in the order in which they are done. */
  open(): Promise<readonly Step[]>;
  /** Ticks a step and lets the engine take it in. */
  tick(step: Step | undefined): Promise<void>;
  /** Ticks whatever is open until nothing is. Returns what was ticked. */
  tickAll(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface VxtOptions extends EngineOptions {
  readonly config?: Partial<VxtConfig>;
}

/** The engine with a VXT account on a real database: nobody but the test ever confirms anything. */
export async function openVxtEngine(options: VxtOptions = {}): Promise<VxtFixture> {
  const config = vxtConfigSchema.parse({ startsEmpty: true, numbers: [LINE, DIRECT], ...options.config });
  const engine: EngineFixture = await openEngine({
    ...options,
    overrides: (deps) => ({
      ...options.overrides?.(deps),
      vendors: { open: () => Promise.resolve(vendor()) },
    }),
  });
  const { database, clock, newId } = engine.directory;
  const { tenantId, accountId } = engine.account;
  const now = () => clock.now();
  const records = makeRecordReader(database);
  const account = { tenantId, id: accountId, name: 'Phones', provider: 'vxt', config, pausedReason: null };

  function vendor(): OpenVendor {
    const deps = {
      accountId,
      send: () => Promise.reject(new Error('There is no API to call.')),
      pacer: { take: () => Promise.resolve(), observe: () => undefined },
      record: () => readRecord(database.forTenant(tenantId), engine.account),
      now: () => clock.now().getTime(),
    };
    return {
      displayName: vxt.displayName,
      provider: vxt.open(config, {}, deps),
      capabilities: vxt.capabilitiesFor(config),
      limits: vxt.limits,
      protections: [],
      dashboard: vxt.dashboard,
      dashboardLink: (place) => vxt.dashboardLink(config, place),
    };
  }

  const checklists = makeChecklists({ steps: makeStepStore(database), now, nudge: () => undefined });
  const tick = async (step: Step | undefined): Promise<void> => {
    if (step === undefined) throw new Error('There is no such step.');
    const { taskId, id: stepId, typed } = step;
    await checklists.confirm({ tenantId, taskId, stepId, actor: 'test:ada', typed: typed ?? '' });
    await engine.settle();
  };
  return {
    engine,
    account,
    checklists,
    imports: makeImports({
      imports: makeImportStore(database),
      records,
      definition: () => vxt as ProviderDefinition,
      replan: async () => engine.requestReconcile(),
      newId,
      now,
    }),
    open: () => records.openSteps(engine.account),
    tick,
    async tickAll() {
      const done: string[] = [];
      for (let [step] = await records.openSteps(engine.account); step !== undefined;) {
        await tick(step);
        done.push(step.title);
        [step] = await records.openSteps(engine.account);
      }
      return done;
    },
    close: () => engine.close(),
  };
}

/** A rule whose people hold numbers, and a role where one is named. */
export function numberRule(
  group: string,
  numbers: readonly Omit<NumberGrant, 'viaTeam'>[],
  role?: 'agent' | 'supervisor' | 'admin',
): MappingRule {
  const rule = groupRule(group, role === undefined ? {} : { role });
  return { ...rule, grant: { ...rule.grant, numbers: numbers.map((one) => ({ ...one, viaTeam: null })) } };
}
