import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './outbound-address.js';

export interface AddressResolverOptions {
  /** Lets connections go to this machine too: for tests. */
  readonly allowLoopback: boolean;
  /** Lets connections go into the own network too: where Patchbay serves one organisation beside its directory. */
  readonly allowPrivate: boolean;
  /** All addresses of a host name; the system's resolver unless a test brings its own. */
  readonly resolve?: (hostname: string) => Promise<readonly LookupAddress[]>;
}

/** Nothing may be connected to under this name. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
}

export interface CheckedAddress {
  readonly address: string;
  readonly isLoopback: boolean;
}

/**
 * The address to connect to for a host name that an admin's configuration holds, for protocols other than HTTP. Who
 * connects must use the address that comes back: the name may mean something else a moment later.
 * @throws AddressRefusedError when any of the name's addresses is forbidden, or there is none
 */
export function makeAddressResolver(
  options: AddressResolverOptions,
): (hostname: string) => Promise<CheckedAddress> {
  const resolve = options.resolve ?? ((hostname) => systemLookup(hostname, { all: true }));
  const isPermitted = (address: string): boolean => {
    if (isLoopbackAddress(address)) return options.allowLoopback;
    return isPublicAddress(address) || options.allowPrivate;
  };
  return async (hostname) => {
    const literal = hostname.replace(/^\[|\]$/gu, '');
    const addresses =
      isIP(literal) === 0 ? (await find(resolve, literal)).map((found) => found.address) : [literal];
    const [first] = addresses;
    if (first === undefined) throw new AddressRefusedError(`${hostname} has no address.`);
    if (addresses.every(isPermitted)) return { address: first, isLoopback: isLoopbackAddress(first) };
    throw new AddressRefusedError(
      `Nothing was sent to ${hostname}: connections go only to public Internet addresses.`,
    );
  };
}

async function find(
  resolve: (hostname: string) => Promise<readonly LookupAddress[]>,
  hostname: string,
): Promise<readonly LookupAddress[]> {
  try {
    return await resolve(hostname);
  } catch (error) {
    throw new AddressRefusedError(`${hostname} has no address.`, { cause: error });
  }
}
