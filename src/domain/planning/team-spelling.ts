import { teamKey } from '../entitlement.js';
import { byCodeUnits } from '../sort.js';

/** Team names by key, one spelling each whatever the order of the list. */
export function spellTeams(names: Iterable<string>): ReadonlyMap<string, string> {
  const result = new Map<string, string>();
  for (const name of new Set(names)) {
    const key = teamKey(name);
    const known = result.get(key);
    if (known === undefined || byCodeUnits(name, known) < 0) result.set(key, name);
  }
  return result;
}
