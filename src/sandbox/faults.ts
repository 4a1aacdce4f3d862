import { faultScriptSchema, type FaultRule, type FaultRuleInput } from './fault-rules.js';
import { uniformAt } from './prng.js';

/** A rule with what became of it so far. */
export interface FaultStatus {
  readonly rule: FaultRule;
  readonly name: string;
  /** Requests that matched. */
  readonly matched: number;
  /** How often it fired. */
  readonly fired: number;
}

export interface FiredFault {
  readonly name: string;
  readonly rule: FaultRule;
}

export interface FaultScript {
  /** Replaces the script; counters start from zero. Throws a ZodError and changes nothing when a rule is wrong. */
  set(rules: readonly FaultRuleInput[]): void;
  clear(): void;
  list(): readonly FaultStatus[];
  /** Whether there is a rule at all, and so counters that every request may move. */
  isArmed(): boolean;
  /** Counts the request against every rule it matches and answers the first one that fires. */
  pick(request: { readonly method: string; readonly path: string }): FiredFault | null;
  /** Takes over a script with its counters from a state file. */
  restore(saved: readonly FaultStatus[]): void;
}

interface Armed {
  readonly rule: FaultRule;
  readonly name: string;
  readonly pattern: RegExp | null;
  matched: number;
  fired: number;
}

/** Scripted faults; with the same seed and the same requests the same ones fire. */
export function makeFaultScript({ seed }: { readonly seed: number }): FaultScript {
  let script: Armed[] = [];

  return {
    set(rules) {
      script = faultScriptSchema.parse(rules).map((rule, index) => arm(rule, index));
    },
    clear() {
      script = [];
    },
    list: () => script.map(({ rule, name, matched, fired }) => ({ rule, name, matched, fired })),
    isArmed: () => script.length > 0,
    pick(request) {
      let chosen: Armed | undefined;
      for (const [stream, armed] of script.entries()) {
        if (!isMatch(armed, request)) continue;
        armed.matched += 1;
        if (chosen === undefined && isDue(armed, seed, stream)) chosen = armed;
      }
      if (chosen === undefined) return null;
      chosen.fired += 1;
      return { name: chosen.name, rule: chosen.rule };
    },
    restore(saved) {
      const rules = faultScriptSchema.parse(saved.map((entry) => entry.rule));
      script = rules.map((rule, index) => ({
        ...arm(rule, index),
        matched: saved[index]?.matched ?? 0,
        fired: saved[index]?.fired ?? 0,
      }));
    },
  };
}

function arm(rule: FaultRule, index: number): Armed {
  const { path } = rule.match;
  const pattern = path === undefined ? null : new RegExp(path, 'u');
  return { rule, name: rule.name ?? `rule ${index + 1}`, pattern, matched: 0, fired: 0 };
}

function isMatch(armed: Armed, request: { readonly method: string; readonly path: string }): boolean {
  const { method } = armed.rule.match;
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  return armed.pattern === null || armed.pattern.test(request.path);
}

function isDue(armed: Armed, seed: number, stream: number): boolean {
  const { nth, probability, times = nth === undefined ? Infinity : 1 } = armed.rule;
  if (armed.fired >= times) return false;
  if (nth !== undefined && armed.matched < nth) return false;
  return probability === undefined || uniformAt(seed, stream, armed.matched) < probability;
}
