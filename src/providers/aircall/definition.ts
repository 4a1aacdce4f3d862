import type { Capabilities } from '../../domain/capabilities.js';
import { ACCESS_KINDS } from '../../domain/entitlement.js';
import type { ProviderDefinition } from '../port.js';
import { AIRCALL_GUIDE, aircallPage } from './dashboard.js';
import { openAircall } from './provider.js';
import {
  aircallConfigSchema,
  aircallSecretSchema,
  type AircallConfig,
  type AircallSecrets,
} from './settings.js';
import { readDelivery } from './webhooks.js';

/** vendors.md 6. */
const capabilities: Capabilities = {
  writes: 'api',
  teams: true,
  owners: true,
  suspend: false,
  writeAvailability: true,
  delete: 'permanent',
  readRole: false,
  writeRole: true,
  writeOwner: false,
  writeEmail: false,
  createTeam: true,
  renameTeam: false,
  numberAccess: { assigned: 'via-team', outbound: 'manual', call_flow: 'manual' },
  // Who is on a number shows, but not who only calls out from it.
  unreadableAccess: ['outbound', 'call_flow'],
  invitationStateReadable: false,
  resendInvitation: false,
};

export const aircall: ProviderDefinition<AircallConfig, AircallSecrets> = {
  id: 'aircall',
  displayName: 'Aircall',
  needs:
    'An API key: in the Aircall Dashboard under Integrations & API, API Keys. It reaches the whole company.',
  configSchema: aircallConfigSchema,
  secretSchema: aircallSecretSchema,
  capabilities,
  limits: {
    // The longest name is not documented; Aircall's own refusal decides below this.
    nameMaxChars: 255,
    teamNameMaxChars: 64,
    emojiInNames: false,
    requestsPerMinute: 120,
    callHistoryDays: 183,
    invitationValidDays: 15,
  },
  capabilitiesFor: (config) => ({
    ...capabilities,
    writeRole: config.canWriteRole,
    writeEmail: config.canWriteEmail,
    writeAvailability: config.canWriteAvailability,
    unreadableAccess: ACCESS_KINDS.filter((kind) => kind !== config.numberUsersKind),
  }),
  pacingFor: ({ requestsPerMinute, shareForOthers }) => ({
    limitPerMinute: requestsPerMinute,
    shareForOthers,
  }),
  dashboard: AIRCALL_GUIDE,
  dashboardLink: aircallPage,
  readDelivery,
  open: openAircall,
};
