import { describe, expect, it } from 'vitest';
import { calculatePlan } from '../../src/domain/planning/calculate.js';
import { compileRules } from '../../src/domain/rules/compile.js';
import { managedNames } from '../../src/domain/rules/managed.js';
import { deriveSubjects } from '../../src/domain/rules/subjects.js';
import { planInput, snapshot } from '../support/domain.js';
import { largeTenant } from '../support/large-tenant.js';

// A busy machine must not turn many runs into a failure.
/** A copy of which every read of a property is counted, at any depth. */
function counted<Value extends object>(value: Value, count: () => void): Value {
  const proxies = new WeakMap<object, object>();
  const wrap = (inner: unknown): unknown => {
    if (typeof inner !== 'object' || inner === null || inner instanceof Set || inner instanceof Map)
      return inner;
    const known = proxies.get(inner);
    if (known !== undefined) return known;
    const proxy = new Proxy(inner, {
      get(target, key, receiver) {
        count();
        return wrap(Reflect.get(target, key, receiver));
      },
    });
    proxies.set(inner, proxy);
    return proxy;
  };
  return wrap(value) as Value;
}

/** Reads of the inputs that deriving and planning a tenant of this size takes. */
function readsFor(people: number, teams: number): { readonly derive: number; readonly plan: number } {
  const { ruleSet, groups, users, actual, links } = largeTenant(people, teams);
  let reads = 0;
  const count = () => (reads += 1);
  const rules = compileRules(ruleSet, { name: 'A' }, groups);
  reads = 0;
  const { subjects } = deriveSubjects(counted(rules, count), counted(snapshot(users, groups), count));
  const derive = reads;
  reads = 0;
  const input = planInput({ subjects, actual, links, managed: managedNames(rules) });
  const plan = calculatePlan(counted(input, count));
  expect(plan.changes.length).toBeGreaterThan(people / 10);
  return { derive, plan: reads };
}

describe('the cost', () => {
  it('of deriving and planning grows as the number of people does', () => {
    const few = readsFor(200, 50);
    const many = readsFor(2000, 50);

    expect(many.derive / few.derive).toBeLessThan(10.5);
    expect(many.plan / few.plan).toBeLessThan(10.5);
  });

  it('per person does not grow with the number of rules and teams', () => {
    const few = readsFor(500, 20);
    const many = readsFor(500, 400);

    expect(many.derive / few.derive).toBeLessThan(1.3);
    expect(many.plan / few.plan).toBeLessThan(1.3);
  });
});
