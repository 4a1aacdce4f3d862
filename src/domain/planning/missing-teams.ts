import { type Draft, addAccountNotice, baseOf } from './draft.js';
import type { World } from './world.js';

/** Teams that must exist before anybody can be put in them, each once. */
export function planMissingTeams({ teams }: World, draft: Draft): void {
  for (const [key, target] of draft.missingTeams) {
    const { name, state, problem } = teams.entry(key);
    if (state === 'refused') {
      const message = `Team "${name}" cannot be created: its name ${problem}. Correct the rule that grants it.`;
      addAccountNotice(draft, 'invalid-name', message);
    } else if (state === 'manual') {
      const base = baseOf(target, 'manual', `create-team:${key}`, {
        reason: `Rules grant team "${name}", which does not exist, and the vendor has no API to create one.`,
      });
      draft.changes.push({
        ...base,
        action: 'manual',
        providerUserId: null,
        task: { kind: 'create-team', team: name },
      });
    } else {
      const base = baseOf(target, 'create-team', key, {
        reason: `Rules grant team "${name}", which does not exist yet.`,
      });
      draft.changes.push({ ...base, action: 'create-team', team: name });
    }
  }
}
