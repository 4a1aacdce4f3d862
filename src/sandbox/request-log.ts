import { closeSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** One API request as the sandbox saw it. Nothing of the body or of the credential is kept. */
export interface RequestLogEntry {
  /** 1, 2, 3, ... in the order in which effects happened. */
  readonly seq: number;
  /** Sandbox time in milliseconds. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** Query text without the question mark. */
  readonly query: string;
  /** The status sent, or 0 when the connection was cut or left without an answer. */
  readonly status: number;
  /** What changed, such as `user.created 1000001`; empty when nothing did. */
  readonly effects: readonly string[];
  /** The scripted fault that fired on this request. */
  readonly fault: { readonly rule: string; readonly kind: string } | null;
  readonly isRateLimited: boolean;
}

export interface RequestLog {
  /** Puts a request in the log; it is visible to readers at once. */
  add(entry: Omit<RequestLogEntry, 'seq'>): RequestLogEntry;
  /** Appends the entry to the file, before the answer is sent. */
  persist(entry: RequestLogEntry): void;
  /** Entries with a seq above `after`, oldest first. */
  entries(range?: { readonly after?: number; readonly limit?: number }): readonly RequestLogEntry[];
  lastSeq(): number;
  /** Entries not in the file yet; they travel in the state file so that a crash cannot part the two. */
  unpersisted(): readonly RequestLogEntry[];
  /** After a restart: the entries the state file vouches for, and where numbering goes on. */
  recover(from: { readonly lastSeq: number; readonly entries: readonly RequestLogEntry[] }): void;
  close(): void;
}

/** An append-only log in memory (the newest `kept` entries) and, when a file is given, as JSON lines. */
export function makeRequestLog({
  file,
  kept,
}: {
  readonly file: string | undefined;
  readonly kept: number;
}): RequestLog {
  let entries = file === undefined ? [] : readLog(file);
  let lastSeq = entries.at(-1)?.seq ?? 0;
  let descriptor: number | undefined;
  const waiting = new Map<number, RequestLogEntry>();

  function persist(entry: RequestLogEntry): void {
    if (file === undefined) return;
    descriptor ??= openSync(file, 'a', 0o600);
    writeSync(descriptor, `${JSON.stringify(entry)}\n`);
    waiting.delete(entry.seq);
  }

  function keep(entry: RequestLogEntry): void {
    entries.push(entry);
    if (entries.length > kept * 1.25) entries = entries.slice(-kept);
  }

  return {
    persist,
    add(values) {
      const entry = { seq: ++lastSeq, ...values };
      keep(entry);
      if (file !== undefined) waiting.set(entry.seq, entry);
      return entry;
    },
    entries({ after = 0, limit } = {}) {
      const start = firstAbove(entries, after);
      return entries.slice(start, limit === undefined ? undefined : start + limit);
    },
    lastSeq: () => lastSeq,
    unpersisted: () => [...waiting.values()],
    recover(from) {
      const known = new Set(entries.map((entry) => entry.seq));
      const lost = from.entries.filter((entry) => !known.has(entry.seq));
      lost.forEach(persist);
      entries = [...entries, ...lost].sort((a, b) => a.seq - b.seq);
      lastSeq = Math.max(lastSeq, from.lastSeq, entries.at(-1)?.seq ?? 0);
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

function firstAbove(entries: readonly RequestLogEntry[], seq: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.seq ?? 0) > seq) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Reads the complete lines and cuts off a last line that a killed process left half written. */
function readLog(file: string): RequestLogEntry[] {
  mkdirSync(dirname(file), { recursive: true });
  closeSync(openSync(file, 'a', 0o600));
  const content = readFileSync(file);
  const end = content.lastIndexOf(0x0a) + 1;
  if (end < content.length) truncateSync(file, end);
  const lines = content.subarray(0, end).toString('utf8').split('\n').filter(Boolean);
  return lines.map((line): RequestLogEntry => JSON.parse(line)).sort((a, b) => a.seq - b.seq);
}
