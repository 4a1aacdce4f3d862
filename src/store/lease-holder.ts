import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names this process's leases and tells whether another holder's process is dead for certain. */
export interface LeaseHolders {
  newHolder(): string;
  isGone(holder: string): boolean;
}

/**
 * A holder is `<machine>#<pid>#<random>`. After `kill -9` the next process on the same machine sees that the pid is
 * dead and need not wait for the lease to expire. The machine part holds the boot id and the pid namespace, so that
 * two containers, or the same machine after a restart, never judge each other's pids.
 */
export function makeLeaseHolders(): LeaseHolders {
  const machine = machineId();
  const run = randomBytes(8).toString('hex');
  const own = `${machine}#${process.pid}#`;
  let count = 0;
  return {
    newHolder: () => `${own}${run}-${++count}`,
    isGone(holder) {
      const [theirs, pid, session] = holder.split('#');
      if (theirs !== machine || pid === undefined || session === undefined) return false;
      if (Number(pid) === process.pid) return !session.startsWith(`${run}-`);
      return !isAlive(Number(pid));
    },
  };
}

function machineId(): string {
  return [hostname(), readIfThere('/proc/sys/kernel/random/boot_id'), linkIfThere('/proc/self/ns/pid')]
    .join('/')
    .replaceAll('#', '_');
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function linkIfThere(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: alive, but another user's.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
