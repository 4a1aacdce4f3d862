import { shown, type Finding } from './finding.js';

const LENGTH_MAX = 1024;

/**
 * Where to go after a sign-in: a path of ours, given as a path or as a full address of our own origin. null for
 * everything else. `//host`, `/\host` and control characters are read as another host by browsers.
 */
export function localPath(target: string, publicUrl: string): string | null {
  const origin = new URL(publicUrl).origin;
  const path = target.startsWith(`${origin}/`) ? target.slice(origin.length) : target;
  const isPlain = path.length <= LENGTH_MAX && /^\/(?!\/)[^\\\p{Cc}\s]*$/u.test(path);
  if (!isPlain) return null;
  // Percent-encoding and dot segments resolved as a browser would: the result must still be ours.
  const resolved = URL.parse(path, origin);
  return resolved !== null && resolved.origin === origin && !resolved.pathname.startsWith('//') ? path : null;
}

export function checkRelayState(relayState: string | null, publicUrl: string): Finding | null {
  if (relayState === null || relayState === '' || localPath(relayState, publicUrl) !== null) return null;
  return { check: 'relayState', arrived: shown(relayState), expected: 'nothing, or a path such as /people' };
}
