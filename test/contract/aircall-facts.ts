import { aircall } from '../../src/providers/aircall/definition.js';
import { PROVIDERS } from '../../src/providers/registry.js';
import { PAGE_DEFECTS, type VendorFacts } from './harness.js';

const PAGE_SIZE = 50;

const app = (error: string, troubleshoot = 'See the reference') => ({ error, troubleshoot });
const edge = (message: string) => ({ message });

/** What is known of Aircall, and what stands in front of it (vendors.md 1.2 to 1.5). */
export const AIRCALL_FACTS: VendorFacts = {
  definition: PROVIDERS['aircall']!,
  capabilities: aircall.capabilitiesFor(aircall.configSchema.parse({})),
  isAsked: true,
  inapplicable: {},
  refusals: [
    { status: 400, body: app('Bad Request'), kind: 'invalid' },
    { status: 400, body: edge('Bad Request'), kind: 'invalid' },
    { status: 401, body: edge('Unauthorized'), kind: 'credential' },
    { status: 403, body: edge('Forbidden'), kind: 'credential' },
    { status: 403, body: '<html></html>', kind: 'credential' },
    { status: 404, body: app('Not Found'), kind: 'notFound' },
    { status: 404, body: edge('Not Found'), kind: 'contract' },
    { status: 404, body: '<html></html>', kind: 'contract' },
    { status: 405, body: app('Method Not Allowed'), kind: 'invalid' },
    { status: 409, body: app('Conflict'), kind: 'invalid' },
    { status: 410, body: {}, kind: 'contract' },
    { status: 418, body: {}, kind: 'contract' },
    { status: 422, body: app('Unprocessable Entity'), kind: 'invalid' },
    { status: 422, body: '', kind: 'invalid' },
    { status: 500, body: edge('Internal server error'), kind: 'unavailable' },
    { status: 502, body: '<html></html>', kind: 'unavailable' },
    { status: 503, body: edge('Service Unavailable'), kind: 'unavailable' },
    { status: 504, body: edge('Endpoint request timed out'), kind: 'unavailable' },
  ],
  refusalSaying: (text, more) => ({ status: 422, body: app(text, more) }),
  strangeNotFound: { status: 404, body: edge('Not Found') },
  falselyGone: [
    { status: 404, body: edge('Not Found') },
    { status: 404, body: app('Not Found', 'No such user') },
    { status: 410, body: {} },
  ],
  rateLimits: [
    { name: 'Retry-After in seconds', headers: { 'Retry-After': '7' }, waitMs: 7_000 },
    { name: 'no header at all', headers: {}, waitMs: 60_000 },
  ],
  saysOutageEnd: true,
  looksUpBy: 'find-agent',
  paging: 'numbers',
  pageSize: PAGE_SIZE,
  lists: (['list-agents', 'list-teams', 'list-numbers'] as const).map((on) => ({
    on,
    defects: PAGE_DEFECTS,
  })),
  linksPages: true,
  unknownAgentId: '999999999',
  costs: {
    // The agents, the teams with their members, the numbers.
    ofOne: 3,
    ofMany: (_people, inAccount) => Math.ceil(inAccount / PAGE_SIZE) + 2,
    ofNewTeam: 2,
  },
};
