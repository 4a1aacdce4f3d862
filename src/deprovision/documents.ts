import type { Signature } from '../lib/signing.js';
import type { Manifest } from './manifest.js';
import type { Certificate } from './proof/certificate.js';

/** A document with its hash and our signature over it, as it is handed out: whoever has it can check it. */
export interface SignedDocument<Document> {
  readonly document: Document;
  /** SHA-256 over the canonical JSON, in hex. */
  readonly hash: string;
  /** null for manifests from before there were signatures. */
  readonly signature: Signature | null;
}

export interface RetentionDocuments {
  /** null: none was written yet. */
  manifest(tenantId: string, deletionId: string): Promise<SignedDocument<Manifest> | null>;
  certificate(tenantId: string, deletionId: string): Promise<SignedDocument<Certificate> | null>;
  /** What was archived, a page at a time in the order of the calls. */
  archived(tenantId: string, deletionId: string): Promise<ReadonlyMap<string, ArchivedFile>>;
}

export interface ArchivedFile {
  readonly state: string;
  readonly objectKey: string | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
}

const HEAD = [
  'call_id',
  'started_at',
  'line',
  'duration_seconds',
  'recording',
  'voicemail',
  'retention_class',
  'recording_archived_as',
  'recording_sha256',
  'voicemail_archived_as',
  'voicemail_sha256',
];

/** The calls of a manifest as CSV (RFC 4180), one line each, with where their files lie. */
export function manifestCsv(manifest: Manifest, archived: ReadonlyMap<string, ArchivedFile>): string {
  const rows = (manifest.calls ?? []).map((call) => {
    const recording = archived.get(`${call.callId} recording`);
    const voicemail = archived.get(`${call.callId} voicemail`);
    return [
      call.callId,
      new Date(call.startedAt).toISOString(),
      call.number ?? '',
      String(call.durationSeconds),
      call.hasRecording ? 'yes' : 'no',
      call.hasVoicemail ? 'yes' : 'no',
      call.retentionClass,
      recording?.objectKey ?? '',
      recording?.sha256 ?? '',
      voicemail?.objectKey ?? '',
      voicemail?.sha256 ?? '',
    ];
  });
  return [HEAD, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** Spreadsheets take a value that begins like a formula for one; a number with its plus stays readable as text. */
function field(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
