import type { PinnedRole } from '../../sso/team-ports.js';

/** What each role may do, in one sentence. */
export const ROLE_WORDS: Readonly<Record<PinnedRole, { readonly label: string; readonly meaning: string }>> =
  {
    owner: { label: 'Owner', meaning: 'Everything, and gives and takes access.' },
    admin: { label: 'Admin', meaning: 'Also rules, phone systems, credentials and SCIM tokens.' },
    operator: {
      label: 'Operator',
      meaning: 'Also decides about held plans, works on tasks, reads the audit trail.',
    },
    viewer: { label: 'Viewer', meaning: 'Sees everything but the audit trail, and changes nothing.' },
    none: { label: 'No access', meaning: 'Kept out, whatever the identity provider says.' },
  };
