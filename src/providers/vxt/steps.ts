import type { AccessKind, Role } from '../../domain/entitlement.js';
import { AppError } from '../../domain/errors.js';
import { findRecorded, type ManualRecord, type RecordedAgent } from '../../domain/manual-record.js';
import type { ManualStep } from '../manual.js';
import type { ProviderWrite } from '../port.js';
import { recordsPage, vxtPage } from './pages.js';
import type { VxtConfig } from './settings.js';

/** Places in a checklist: invite, then what the person is, then what they reach. Whoever leaves loses that first. */
const ORDER = {
  takeFlow: 5,
  takeAssigned: 6,
  takeOutbound: 7,
  invite: 10,
  profile: 15,
  role: 20,
  assigned: 40,
  outbound: 50,
  call_flow: 60,
  shutOut: 80,
  remove: 90,
} as const;

type Words = Pick<ManualStep, 'title' | 'instructions' | 'order'> & Partial<ManualStep>;

/** What a person does in VXT to make the write come true (vendors.md 3). @throws AppError `bug` for what is no step */
export function stepFor(config: VxtConfig, record: ManualRecord, operation: ProviderWrite): ManualStep {
  return {
    link: vxtPage(config, { page: 'agents' }),
    typed: null,
    urgentWithinHours: config.removalHours,
    ...wordsFor(config, record, operation),
  };
}

function wordsFor(config: VxtConfig, record: ManualRecord, operation: ProviderWrite): Words {
  switch (operation.type) {
    case 'create-agent':
      return invite(config, operation.profile, operation.role);
    case 'update-agent':
      return update(config, findRecorded(record.agents, operation.providerUserId), operation);
    case 'grant':
    case 'revoke': {
      const email = emailOf(record, operation.providerUserId);
      const { entitlement, type } = operation;
      if (entitlement.type === 'role') return role(config, email, entitlement.role);
      if (entitlement.type !== 'number') break;
      return NUMBER_STEPS[type](config, email, entitlement.number, entitlement.kind);
    }
    case 'suspend-agent':
      return shutOut(config, emailOf(record, operation.providerUserId));
    case 'delete-agent':
      return remove(config, emailOf(record, operation.providerUserId));
    case 'resume-agent':
    case 'create-team':
  }
  throw new AppError('bug', `VXT has no step for ${operation.type}.`);
}

function emailOf({ agents }: ManualRecord, idOrEmail: string): string {
  return findRecorded(agents, idOrEmail)?.email ?? idOrEmail;
}

/** Everybody comes in as a Member; what they are beyond that is set afterwards. */
function invite(
  config: VxtConfig,
  { email, givenName, familyName }: Extract<ProviderWrite, { type: 'create-agent' }>['profile'],
  wanted: Role,
): Words {
  return {
    title: `Invite ${email} as a Member`,
    order: ORDER.invite,
    instructions: [
      `Open ${config.membersPage} as an Admin, or as a Member with the permission Manage User.`,
      `Search the list for ${email}. If the person is there already, invite nobody and tick this step.`,
      `Invite ${email}, name ${givenName} ${familyName}, role Member. VXT sends the invitation by e-mail.`,
      'A new member is charged for from today, pro rata.',
      ...(wanted === 'agent'
        ? []
        : [`Open ${config.membersPage} and choose ${email}.`, ...roleLines(config, wanted), 'Save.']),
    ],
  };
}

function update(
  config: VxtConfig,
  agent: RecordedAgent | undefined,
  { providerUserId, fields }: Extract<ProviderWrite, { type: 'update-agent' }>,
): Words {
  const email = agent?.email ?? providerUserId;
  const { email: newEmail, givenName, familyName, role: newRole } = fields;
  const isRenamed = givenName !== undefined || familyName !== undefined;
  if (newRole !== undefined && newEmail === undefined && !isRenamed) return role(config, email, newRole);
  // The form has one field for the name: half of it is completed from what is known.
  const name = `${givenName ?? agent?.givenName ?? ''} ${familyName ?? agent?.familyName ?? ''}`.trim();
  return {
    title: `Change the details of ${email}`,
    order: ORDER.profile,
    instructions: [
      `Open ${config.membersPage} and choose ${email}.`,
      ...(isRenamed ? [`Set the name to ${name}.`] : []),
      ...(newEmail === undefined
        ? []
        : [
            `Set the e-mail to ${newEmail}. If VXT does not offer that, ask the person to change it in their own profile.`,
          ]),
      ...(newRole === undefined ? [] : roleLines(config, newRole)),
      'Save.',
    ],
  };
}

function role(config: VxtConfig, email: string, wanted: Role): Words {
  const titles: Readonly<Record<Role, string>> = {
    agent: `Make ${email} a Member without single permissions`,
    supervisor: `Give ${email} the permissions ${config.supervisorPermissions.join(', ')}`,
    admin: `Make ${email} an Admin`,
  };
  return {
    title: titles[wanted],
    order: ORDER.role,
    instructions: [`Open ${config.membersPage} and choose ${email}.`, ...roleLines(config, wanted), 'Save.'],
  };
}

function roleLines({ supervisorPermissions }: VxtConfig, wanted: Role): readonly string[] {
  switch (wanted) {
    case 'admin':
      return ['Set the role to Admin. An Admin holds every permission.'];
    case 'supervisor':
      return [
        'Set the role to Member.',
        `Under permissions switch on ${supervisorPermissions.join(', ')} and switch off all others.`,
      ];
    case 'agent':
      return ['Set the role to Member.', 'Under permissions switch off every single permission.'];
  }
}

type NumberWords = (config: VxtConfig, email: string, number: string, kind: AccessKind) => Words;

/** Three kinds of access that VXT keeps apart, each in a place of its own (vendors.md 3). */
const NUMBER_STEPS: Readonly<Record<'grant' | 'revoke', NumberWords>> = {
  grant: (config, email, number, kind) => ({
    title: GIVE[kind].title(email, number),
    order: ORDER[kind],
    link: vxtPage(config, { page: 'numbers' }),
    instructions: [`Open ${config.numbersPage} and choose ${number}.`, GIVE[kind].act(email), 'Save.'],
  }),
  revoke: (config, email, number, kind) => ({
    title: TAKE[kind].title(email, number),
    order: TAKE[kind].order,
    link: vxtPage(config, { page: 'numbers' }),
    instructions: [`Open ${config.numbersPage} and choose ${number}.`, TAKE[kind].act(email), 'Save.'],
  }),
};

const GIVE = {
  assigned: {
    title: (email: string, number: string) => `Assign ${number} to ${email}`,
    act: (email: string) =>
      `Under Assigned Users add ${email}: they get the number's records, missed calls, voicemail and SMS.`,
  },
  outbound: {
    title: (email: string, number: string) => `Let ${email} call from ${number}`,
    act: (email: string) => `Under Caller ID access add ${email}: for calls out only.`,
  },
  call_flow: {
    title: (email: string, number: string) => `Let ${number} ring at ${email}`,
    act: (email: string) =>
      `Open its call flow and add ${email} to the step that rings. Being in a flow shows them no records.`,
  },
} as const;

const TAKE = {
  assigned: {
    title: (email: string, number: string) => `Take ${number} from ${email}`,
    act: (email: string) =>
      `Under Assigned Users remove ${email}. If nobody is left there, assign somebody else first, so that voicemail and SMS go on being read.`,
    order: ORDER.takeAssigned,
  },
  outbound: {
    title: (email: string, number: string) => `Let ${email} no longer call from ${number}`,
    act: (email: string) => `Under Caller ID access remove ${email}.`,
    order: ORDER.takeOutbound,
  },
  call_flow: {
    title: (email: string, number: string) => `Let ${number} no longer ring at ${email}`,
    act: (email: string) =>
      `Open its call flow and remove ${email} from every step. Check that somebody is left to answer.`,
    order: ORDER.takeFlow,
  },
} as const;

/** VXT knows no suspension (vendors.md 3): what is left is to take everything and to look. */
function shutOut(config: VxtConfig, email: string): Words {
  return {
    title: `Check that ${email} is shut out`,
    order: ORDER.shutOut,
    instructions: [
      `Open ${config.membersPage} and choose ${email}.`,
      'The role must be Member, with no single permission switched on.',
      `Open ${config.numbersPage}: ${email} must be at no number, neither under Assigned Users, Caller ID access nor in a call flow.`,
      'If VXT offers to sign the member out of all devices, do that.',
      'Do not remove the member yet: that deletes them for good, and Patchbay asks for it when it is due.',
    ],
  };
}

/** Permanent, and confirmed as VXT does it: by typing the address (vendors.md 3). */
function remove(config: VxtConfig, email: string): Words {
  return {
    title: `Remove ${email} from VXT for good`,
    order: ORDER.remove,
    typed: email,
    instructions: [
      `Open Records (${recordsPage(config)}), filter by ${email}, and export the call history, recordings and voicemails that have to be kept. Call history stays on the Records page after the removal, but no longer under a member.`,
      `Open ${config.membersPage}, choose ${email}, then Remove.`,
      `VXT asks for the e-mail to confirm: type ${email}. This cannot be undone; charges end pro rata.`,
      'Type the e-mail here as well when it is done.',
    ],
  };
}
