import { PROVIDERS } from '../../src/providers/registry.js';
import { smartflo } from '../../src/providers/smartflo/definition.js';
import { PAGE_DEFECTS, type VendorFacts } from './harness.js';

export const PAGE_SIZE = 50;

const app = (message: string) => ({ success: false, message });
const fields = (message: string) => ({ message, errors: { name: [message] } });
const edge = (message: string) => ({ message });

/** What is known of Smartflo, and what stands in front of it (vendors.md 2.1 to 2.3). */
export const SMARTFLO_FACTS: VendorFacts = {
  definition: PROVIDERS['smartflo']!,
  capabilities: smartflo.capabilitiesFor(smartflo.configSchema.parse({})),
  isAsked: true,
  inapplicable: {},
  refusals: [
    { status: 200, body: app('Not done'), kind: 'invalid' },
    { status: 200, body: { success: 'false', message: 'Not done' }, kind: 'invalid' },
    { status: 200, body: { Success: false, Message: 'Not done', Error: 'x' }, kind: 'invalid' },
    { status: 400, body: app('Bad Request'), kind: 'invalid' },
    { status: 401, body: edge('Unauthenticated.'), kind: 'credential' },
    { status: 403, body: edge('Forbidden'), kind: 'credential' },
    { status: 403, body: '<html></html>', kind: 'credential' },
    { status: 404, body: app('User not found.'), kind: 'notFound' },
    { status: 404, body: edge('Not Found'), kind: 'contract' },
    { status: 404, body: '<html></html>', kind: 'contract' },
    { status: 405, body: app('Method Not Allowed'), kind: 'invalid' },
    { status: 409, body: app('Conflict'), kind: 'invalid' },
    { status: 410, body: {}, kind: 'contract' },
    { status: 418, body: {}, kind: 'contract' },
    { status: 422, body: fields('The name is too long.'), kind: 'invalid' },
    { status: 422, body: '', kind: 'invalid' },
    { status: 500, body: edge('Server Error'), kind: 'unavailable' },
    { status: 502, body: '<html></html>', kind: 'unavailable' },
    { status: 503, body: edge('Service Unavailable'), kind: 'unavailable' },
    { status: 504, body: edge('Gateway Timeout'), kind: 'unavailable' },
  ],
  refusalSaying: (text, more) => ({ status: 422, body: { message: text, errors: { name: [more] } } }),
  strangeNotFound: { status: 404, body: edge('Not Found') },
  falselyGone: [
    { status: 404, body: edge('Not Found') },
    { status: 404, body: app('User not found.') },
    { status: 410, body: {} },
  ],
  rateLimits: [
    { name: 'Retry-After in seconds', headers: { 'Retry-After': '7' }, waitMs: 7_000 },
    { name: 'no header at all', headers: {}, waitMs: 2_000 },
  ],
  saysOutageEnd: true,
  looksUpBy: 'list-agents',
  paging: 'cursor',
  pageSize: PAGE_SIZE,
  lists: [
    { on: 'list-agents', defects: PAGE_DEFECTS },
    // Bare arrays: nothing says how many there should be.
    ...(['list-teams', 'list-numbers'] as const).map((on) => ({
      on,
      defects: ['truncated', 'not-json', 'missing-list', 'null-list', 'null-ids'] as const,
    })),
  ],
  linksPages: true,
  unknownAgentId: '999999999',
  costs: {
    // The agent, the departments with their members, the numbers.
    ofOne: 3,
    ofMany: (_people, inAccount) => Math.ceil(inAccount / PAGE_SIZE) + 2,
    // Look, create; look, learn the extension, replace, look again.
    ofNewTeam: 6,
  },
};
