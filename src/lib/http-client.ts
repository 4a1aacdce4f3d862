import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { exchange, exchangeStream, type ExchangeLimits } from './http-exchange.js';
import { HttpClientError, type HttpRequest, type HttpResponse, type HttpStream } from './http-message.js';
import { isLoopbackAddress, isPublicAddress } from './outbound-address.js';

export { HttpClientError, type HttpFailure, type HttpRequest, type HttpResponse } from './http-message.js';

export interface HttpClient {
  /** Any status but a redirect is an answer. @throws HttpClientError when there is no usable one. */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** The same, with the body as a stream, within the same limits. */
  stream(request: HttpRequest): Promise<HttpStream>;
  /** Closes the connections. */
  close(): void;
}

export interface HttpClientOptions extends ExchangeLimits {
  /** Lets requests go to this machine too, unencrypted as well: for the sandbox and for tests. */
  readonly allowLoopback: boolean;
  /** Connections to one host at a time. */
  readonly maxConnections: number;
  /** All addresses of a host name; the system's resolver unless a test brings its own. */
  readonly resolve?: (hostname: string) => Promise<readonly LookupAddress[]>;
}

type IsPermitted = (address: string) => boolean;

/**
 * HTTP towards addresses that an admin's configuration names. It goes only to public addresses over TLS (or, when
 * allowed, to this machine), follows no redirect, and limits time and size. The address that is checked is the one
 * that is connected to: a name that resolves differently a moment later gains nothing.
 */
export function makeHttpClient(options: HttpClientOptions): HttpClient {
  const { plain, secure } = makeDoors(options);
  const doorTo = (url: URL): Door => {
    const door = url.protocol === 'https:' ? secure : plain;
    door.checkLiteral(url);
    return door;
  };
  return {
    async request(request) {
      const url = readUrl(request.url);
      return exchange(url, request, doorTo(url).agent, options);
    },
    async stream(request) {
      const url = readUrl(request.url);
      return exchangeStream(url, request, doorTo(url).agent, options);
    },
    close() {
      plain.agent.destroy();
      secure.agent.destroy();
    },
  };
}

export type DoorOptions = Pick<HttpClientOptions, 'allowLoopback' | 'maxConnections' | 'resolve'>;

/** Connections for a library that makes its own requests: they go nowhere else than ours do. */
export interface GuardedAgents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
  /** For addresses that name no host to be looked up. @throws HttpClientError */
  assertPermitted(url: string): void;
}

export function makeGuardedAgents(options: DoorOptions): GuardedAgents {
  const { plain, secure } = makeDoors(options);
  return {
    httpAgent: plain.agent,
    httpsAgent: secure.agent as https.Agent,
    assertPermitted(text) {
      const url = readUrl(text);
      (url.protocol === 'https:' ? secure : plain).checkLiteral(url);
    },
  };
}

function makeDoors(options: DoorOptions): { readonly plain: Door; readonly secure: Door } {
  const isLoopback = (address: string): boolean => options.allowLoopback && isLoopbackAddress(address);
  return {
    plain: makeDoor(options, http.Agent, isLoopback),
    secure: makeDoor(options, https.Agent, (address) => isPublicAddress(address) || isLoopback(address)),
  };
}

interface Door {
  readonly agent: http.Agent;
  /** For a literal address no name is looked up, so the check at look-up never happens. */
  checkLiteral(url: URL): void;
}

function makeDoor(options: DoorOptions, Agent: typeof http.Agent, isPermitted: IsPermitted): Door {
  const resolve = options.resolve ?? ((hostname) => systemLookup(hostname, { all: true }));
  const lookup = makeCheckedLookup(resolve, isPermitted);
  return {
    agent: new Agent({ keepAlive: true, maxSockets: options.maxConnections, lookup }),
    checkLiteral(url) {
      const literal = url.hostname.replace(/^\[|\]$/g, '');
      if (isIP(literal) !== 0 && !isPermitted(literal)) throw refusal(url.hostname);
    },
  };
}

/** Refuses a name when any of its addresses is forbidden: which one would be used is not ours to choose. */
function makeCheckedLookup(
  resolve: (hostname: string) => Promise<readonly LookupAddress[]>,
  isPermitted: IsPermitted,
): LookupFunction {
  async function resolveChecked(hostname: string): Promise<readonly LookupAddress[]> {
    const addresses = await resolve(hostname);
    if (addresses.length > 0 && addresses.every(({ address }) => isPermitted(address))) return addresses;
    throw refusal(hostname);
  }
  const resolveWithCallback = callbackify(resolveChecked);
  return (hostname, wanted, callback) => {
    resolveWithCallback(hostname, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null) callback(error, '');
      else if (wanted.all === true) callback(null, [...addresses]);
      else callback(null, first?.address ?? '', first?.family);
    });
  };
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new HttpClientError('invalidUrl', false, 'The address must be a URL that begins with https://.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new HttpClientError('invalidUrl', false, 'The address must not hold a user name or password.');
  }
  return url;
}

function refusal(hostname: string): HttpClientError {
  const message =
    `Nothing was sent to ${hostname}: requests go only to public Internet addresses, over https. ` +
    'For a provider on this machine, such as the sandbox, set PATCHBAY_ALLOW_LOOPBACK_PROVIDERS=true.';
  return new HttpClientError('refusedAddress', false, message);
}
