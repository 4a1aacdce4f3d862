import { BlockList, isIP } from 'node:net';

/**
 * Whether a connection that somebody else's configuration asks for may go to `address`. Refused is everything that
 * is not a public unicast address of the Internet: private, loopback, link-local (cloud metadata lives there),
 * shared, documentation, benchmarking, multicast and reserved ranges (IANA special-purpose registries), and every
 * IPv6 form that carries such an IPv4 address inside.
 */
export function isPublicAddress(address: string): boolean {
  const plain = withoutZone(address);
  const family = isIP(plain);
  if (family === 4) return !refusedIpv4.check(plain, 'ipv4');
  if (family !== 6) return false;
  const carried = carriedIpv4(plain);
  if (carried !== undefined) return isPublicAddress(carried);
  return globalUnicast.check(plain, 'ipv6') && !refusedIpv6.check(plain, 'ipv6');
}

/** 127.0.0.0/8, ::1, and the former written as IPv6. */
export function isLoopbackAddress(address: string): boolean {
  const plain = withoutZone(address);
  const family = isIP(plain);
  if (family === 0) return false;
  // A block list matches an IPv4-mapped IPv6 address against its IPv4 rules as well.
  return loopback.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}

const refusedIpv4 = blockList('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]);

const globalUnicast = blockList('ipv6', [['2000::', 3]]);

/** Inside the global range: protocol assignments and Teredo, documentation, 6to4. */
const refusedIpv6 = blockList('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

const mappedIpv4 = blockList('ipv6', [['::ffff:0:0', 96]]);
/** NAT64 (RFC 6052): how a host without IPv4 reaches one that has nothing else. */
const translatedIpv4 = blockList('ipv6', [['64:ff9b::', 96]]);

const loopback = blockList('ipv4', [['127.0.0.0', 8]]);
loopback.addAddress('::1', 'ipv6');

function blockList(family: 'ipv4' | 'ipv6', ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family);
  return list;
}

/** The IPv4 address in the last 32 bits, for the IPv6 ranges that mean "this IPv4 host". */
function carriedIpv4(address: string): string | undefined {
  if (!mappedIpv4.check(address, 'ipv6') && !translatedIpv4.check(address, 'ipv6')) return undefined;
  // The URL parser writes any IPv6 form canonically, with the last two groups in hexadecimal.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':').slice(-2);
  const bits = groups.map((group) => Number.parseInt(group || '0', 16));
  return bits.flatMap((pair) => [pair >> 8, pair & 0xff]).join('.');
}

/** `fe80::1%eth0` names a network card after the address. */
function withoutZone(address: string): string {
  return address.split('%', 1)[0] ?? address;
}
