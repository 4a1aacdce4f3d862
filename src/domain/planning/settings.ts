import { type SettingDeclaration, settingProblem, settingValue } from '../settings.js';
import type { AgentSettings } from '../settings.js';
import { type Draft, type FieldChange, addAccountNotice, addNotice, baseOf } from './draft.js';
import type { AgentHolder, Holder } from './holder.js';
import type { World } from './world.js';

interface Wanted {
  readonly declaration: SettingDeclaration;
  readonly value: string;
}

/** The settings that a new agent is made with; what only people can set becomes a task. */
export function settingsOfNew(world: World, holder: Holder, draft: Draft): AgentSettings | null {
  const wanted = wantedSettings(world, holder, draft);
  for (const one of wanted) if (one.declaration.write === 'manual') pushTask(holder, one, draft);
  return asSettings(wanted.filter(({ declaration }) => declaration.write !== 'manual'));
}

/** The settings of an existing agent as far as they differ from what is shown, or from what was last written. */
export function settingsChange(world: World, holder: AgentHolder, draft: Draft): FieldChange | null {
  const differing = wantedSettings(world, holder, draft).filter((one) => isDifferent(holder, one));
  for (const one of differing) if (one.declaration.write !== 'api') pushTask(holder, one, draft);
  const after = asSettings(differing.filter(({ declaration }) => declaration.write === 'api'));
  if (after === null) return null;
  const known = Object.keys(after).flatMap((name) => {
    const value = currentOf(holder, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { before: { settings: Object.fromEntries(known) }, after: { settings: after } };
}

function wantedSettings({ input }: World, { subject, target }: Holder, draft: Draft): readonly Wanted[] {
  const declared = new Map(input.capabilities.settings?.map((one) => [one.name, one]));
  return Object.entries(subject.derived.settings ?? {}).flatMap(([name, text]) => {
    const declaration = declared.get(name);
    if (declaration === undefined) {
      const message = `Rules set "${name}", which this vendor does not have. It has no effect here.`;
      addAccountNotice(draft, 'capability', message);
      return [];
    }
    const problem = settingProblem(text, declaration.value);
    if (problem === null) return [{ declaration, value: settingValue(text, declaration.value) }];
    const message = `${declaration.label} of ${target.email} stays as it is: "${text}" ${problem}.`;
    addNotice(draft, 'invalid-setting', { subjectId: target.subjectId }, message);
    return [];
  });
}

/** Shown by the vendor, else as a person said to have set it, else as last written. */
function isDifferent(holder: AgentHolder, { declaration, value }: Wanted): boolean {
  const current = currentOf(holder, declaration.name);
  return current === undefined || settingValue(current, declaration.value) !== value;
}

function currentOf({ agent, written, byHand }: AgentHolder, name: string): string | undefined {
  return agent.settings?.[name] ?? byHand.settings?.[name] ?? written?.settings?.[name];
}

function asSettings(wanted: readonly Wanted[]): AgentSettings | null {
  if (wanted.length === 0) return null;
  return Object.fromEntries(wanted.map(({ declaration, value }) => [declaration.name, value]));
}

function pushTask({ target, agent }: Holder, { declaration, value }: Wanted, draft: Draft): void {
  const { name, label } = declaration;
  draft.changes.push({
    ...baseOf(target, 'manual', `setting-${name}=${value}`, {
      reason: `The rules set ${label} to "${value}", and the vendor has no API for it.`,
    }),
    action: 'manual',
    providerUserId: agent?.providerUserId ?? null,
    task: { kind: 'change-setting', setting: name, label, value },
  });
}
