import type { Capabilities } from '../../domain/capabilities.js';
import { ROLES } from '../../domain/entitlement.js';
import type { ProviderDefinition } from '../port.js';
import { readVxtExport } from './export.js';
import { vxtPage } from './pages.js';
import { openVxt } from './provider.js';
import { vxtConfigSchema, vxtSecretSchema, type VxtConfig, type VxtSecrets } from './settings.js';

/** vendors.md 3 and 6: everything is possible, and all of it by hand. */
const capabilities: Capabilities = {
  writes: 'manual',
  teams: false,
  owners: false,
  // Members and Admins; what lies between is made of single permissions, where the account's settings name them.
  roles: ['agent', 'admin'],
  suspend: false,
  delete: 'permanent',
  readRole: true,
  writeRole: true,
  writeOwner: false,
  writeEmail: true,
  createTeam: false,
  renameTeam: false,
  numberAccess: { assigned: 'api', outbound: 'api', call_flow: 'api' },
  invitationStateReadable: true,
  listsCalls: false,
  resendInvitation: true,
};

export const vxt: ProviderDefinition<VxtConfig, VxtSecrets> = {
  id: 'vxt',
  displayName: 'VXT',
  needs:
    'No credential, because there is no API: people work through checklists. The member list is imported first, so that nobody is invited twice.',
  configSchema: vxtConfigSchema,
  secretSchema: vxtSecretSchema,
  capabilities,
  limits: {
    // Nothing is documented; a person would see a refusal in the form.
    nameMaxChars: 255,
    teamNameMaxChars: 64,
    emojiInNames: true,
    // No request is ever made.
    requestsPerMinute: 6_000,
  },
  capabilitiesFor: ({ supervisorPermissions }) =>
    supervisorPermissions.length > 0 ? { ...capabilities, roles: ROLES } : capabilities,
  pacingFor: () => ({ limitPerMinute: 6_000, shareForOthers: 0 }),
  // Tasks of the other kind than checklists: there are none, see steps.ts.
  dashboard: {},
  dashboardLink: vxtPage,
  open: (config, _secrets, deps) => openVxt(config, deps),
  readExport: readVxtExport,
};
