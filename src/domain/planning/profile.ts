import type { VendorLimits } from '../capabilities.js';
import { emailKey } from '../email.js';
import { type PersonName, combinedName, hasEmoji, tidyText } from '../person-name.js';
import type { AgentFields } from '../plan.js';
import type { LastWritten } from '../state.js';
import { type Draft, type FieldChange, addNotice, baseOf } from './draft.js';
import type { AgentHolder } from './holder.js';
import { becauseOf } from './reasons.js';
import { reassertRole, roleChange } from './role.js';
import { settingsChange } from './settings.js';
import type { World } from './world.js';

/** Name, e-mail and role of an existing agent, as one update that names only what differs. */
export function planProfile(world: World, holder: AgentHolder, draft: Draft): void {
  const parts = [
    nameChange(world, holder, draft),
    emailChange(world, holder, draft),
    roleChange(world, holder, draft),
    settingsChange(world, holder, draft),
    availabilityChange(holder),
  ].filter((part) => part !== null);
  if (!parts.some(({ after }) => after.role !== undefined)) reassertRole(world, holder, draft);
  if (parts.length === 0) return;
  const before: AgentFields = Object.assign({}, ...parts.map((part) => part.before));
  const after: AgentFields = Object.assign({}, ...parts.map((part) => part.after));
  const fields = Object.keys(after).toSorted();
  draft.changes.push({
    ...baseOf(holder.target, 'update', fields.join('+'), {
      reason: `The vendor's ${fields.join(', ')} differs from what the directory and the rules say.`,
      because: after.role ? becauseOf(holder.subject.derived, { type: 'role', role: after.role }) : [],
    }),
    action: 'update',
    providerUserId: holder.agent.providerUserId,
    before,
    after,
  });
}

/** Whom a park made unavailable is reached by calls again. */
function availabilityChange({ written }: AgentHolder): FieldChange | null {
  if (written?.availability !== 'unavailable') return null;
  return { before: { availability: 'unavailable' }, after: { availability: 'available' } };
}

/** What the vendor would refuse in a person's name, or null. Both parts are demanded (vendors.md 1.5). */
export function nameProblem(name: PersonName, limits: VendorLimits): string | null {
  if (name.givenName === '') return 'the given name is missing';
  if (name.familyName === '') return 'the family name is missing';
  const text = combinedName(name);
  if (text.length > limits.nameMaxChars) return `the name is longer than ${limits.nameMaxChars} characters`;
  if (!limits.emojiInNames && hasEmoji(text)) return 'the name holds an emoji, which the vendor refuses';
  return null;
}

function nameChange({ input }: World, holder: AgentHolder, draft: Draft): FieldChange | null {
  const { subject, agent, written } = holder;
  if (combinedName(subject) === tidyText(agent.name)) return null;
  const problem = nameProblem(subject, input.limits);
  if (problem !== null) {
    const message = `The name of ${subject.userName} stays as it is at the vendor: ${problem}. Correct it in the directory.`;
    addNotice(draft, 'invalid-name', holder.ids, message);
    return null;
  }
  const { givenName, familyName } = subject;
  return { before: nameBefore(agent.name, written), after: { givenName, familyName } };
}

/** The vendor shows one combined name; its parts are known only where we wrote them. */
function nameBefore(shown: string, written: LastWritten | null): PersonName {
  if (written !== null && combinedName(written) === tidyText(shown)) {
    return { givenName: written.givenName, familyName: written.familyName };
  }
  return { givenName: shown, familyName: '' };
}

function emailChange(world: World, holder: AgentHolder, draft: Draft): FieldChange | null {
  const { subject, agent, ids } = holder;
  if (subject.email === null) {
    const message = `${subject.userName} has no e-mail address in the directory; the vendor keeps ${agent.email}.`;
    addNotice(draft, 'no-email', ids, message);
    return null;
  }
  const key = emailKey(subject.email);
  if (key === emailKey(agent.email)) return null;
  const isShared = (world.wantedPerEmail.get(key) ?? 0) > 1;
  if (isShared || world.agentsByEmail.has(key)) {
    const message = `${subject.userName} should have the address ${subject.email} at the vendor, but ${isShared ? 'several people of the directory have it' : 'another agent has it'}. Nothing is changed until that is settled.`;
    addNotice(draft, 'duplicate-email', ids, message);
    return null;
  }
  if (world.input.capabilities.writeEmail) {
    return { before: { email: agent.email }, after: { email: subject.email } };
  }
  draft.changes.push({
    ...baseOf(holder.target, 'manual', 'change-email', {
      reason: `The address is ${subject.email} now, and the vendor has no API to change it.`,
    }),
    action: 'manual',
    providerUserId: agent.providerUserId,
    task: { kind: 'change-email', from: agent.email, to: subject.email },
  });
  return null;
}
