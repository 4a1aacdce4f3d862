import { PROVIDERS } from '../../src/providers/registry.js';
import { vxt } from '../../src/providers/vxt/definition.js';
import type { VendorFacts } from './harness.js';

export const SUPERVISOR_PERMISSIONS = ['Manage User', 'View Records'];

const NO_ANSWER =
  'There is no answer that could get lost. What somebody did and did not tick is in test/contract/vxt.test.ts.';

/** What is known of VXT (vendors.md 3): there is no API, so nothing is asked and nothing refuses. */
export const VXT_FACTS: VendorFacts = {
  definition: PROVIDERS['vxt']!,
  capabilities: vxt.capabilitiesFor(
    vxt.configSchema.parse({ supervisorPermissions: SUPERVISOR_PERMISSIONS }),
  ),
  isAsked: false,
  inapplicable: {
    'never makes a second person after a create whose answer was lost ($type)': NO_ANSWER,
    'is "already" after a deletion whose answer was lost': NO_ANSWER,
    'does not hide that the outcome of a change is unknown': NO_ANSWER,
    'settles after a lost answer, in both directions': NO_ANSWER,
    'creates nobody while it cannot be known whether the person exists':
      'No look-up can fail. That nobody is invited before the first complete list is in test/contract/vxt.test.ts.',
    'does not hide that the vendor keeps an owner': 'VXT has no owner above its Admins.',
    'does not believe $status while the person is still there':
      'No answer says that somebody is gone; a complete export does, and how it is believed is tested with imports.',
    'takes nobody for gone because of an answer it does not know':
      'No answer is read. A list with one cell that is not understood counts for nothing: test/unit/providers/vxt/export.test.ts.',
    'a revoked credential is said at once, for reads and writes, and asked for only once each':
      'There is no API to sign in to, so there is no credential.',
  },
  refusals: [],
  refusalSaying: () => ({ status: 0, body: '' }),
  strangeNotFound: { status: 0, body: '' },
  falselyGone: [],
  rateLimits: [],
  saysOutageEnd: false,
  looksUpBy: 'list-agents',
  paging: 'none',
  // More than one person's work in a day; nothing is paged.
  pageSize: 25,
  lists: [],
  linksPages: false,
  unknownAgentId: 'member:nobody@example.com',
  costs: { ofOne: 0, ofMany: () => 0, ofNewTeam: 0 },
};
