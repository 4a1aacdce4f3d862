import type { Capabilities } from '../../domain/capabilities.js';
import type { ProviderDefinition } from '../port.js';
import { declaredSettings } from './agent-settings.js';
import { SMARTFLO_GUIDE, smartfloPage } from './dashboard.js';
import { openSmartflo } from './provider.js';
import {
  smartfloConfigSchema,
  smartfloSecretSchema,
  type SmartfloConfig,
  type SmartfloSecrets,
} from './settings.js';

/** vendors.md 6. A number leads to one destination: a department's members are in its call flow. */
const capabilities: Capabilities = {
  writes: 'api',
  teams: true,
  owners: false,
  suspend: true,
  delete: 'permanent',
  readRole: true,
  writeRole: true,
  writeOwner: false,
  writeEmail: true,
  createTeam: true,
  renameTeam: true,
  numberAccess: { assigned: 'api', outbound: 'api', call_flow: 'via-team' },
  invitationStateReadable: false,
  resendInvitation: false,
  initialPassword: true,
  settings: declaredSettings({ updatableFields: [] }),
};

export const smartflo: ProviderDefinition<SmartfloConfig, SmartfloSecrets> = {
  id: 'smartflo',
  displayName: 'Smartflo',
  needs:
    'A permanent token: in the Smartflo portal under Settings, API Connect, API Tokens. Else a login, whose password ends after 90 days.',
  configSchema: smartfloConfigSchema,
  secretSchema: smartfloSecretSchema,
  capabilities,
  limits: {
    // Neither longest name is documented; Smartflo's own refusal decides below these.
    nameMaxChars: 100,
    teamNameMaxChars: 64,
    emojiInNames: false,
    requestsPerMinute: 180,
    callHistoryDays: 183,
  },
  capabilitiesFor: (config) => ({
    ...capabilities,
    settings: declaredSettings(config),
    numberAccess: {
      ...capabilities.numberAccess,
      outbound: config.callerIds === 'shown' ? 'api' : 'manual',
    },
  }),
  pacingFor: ({ requestsPerMinute, shareForOthers }) => ({
    limitPerMinute: requestsPerMinute,
    shareForOthers,
    // The limit is one a second, not one a minute.
    burstMax: 1,
  }),
  dashboard: SMARTFLO_GUIDE,
  dashboardLink: smartfloPage,
  open: openSmartflo,
};
