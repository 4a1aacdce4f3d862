import { createHash } from 'node:crypto';
import type { CallRecord } from '../../providers/port.js';
import {
  ArchiveUnusable,
  DownloadFailed,
  type ArchiveDeps,
  type ArchiveSink,
  type Download,
  type ObjectKey,
  type StoredObject,
} from './ports.js';

/** Asks the vendor for the call with fresh links; null: the vendor does not show it. */
export type Refresh = (callId: string) => Promise<CallRecord | null>;

/**
 * Copies one recording or voicemail from the vendor into the archive, in a stream, and says what was really written.
 * A link that expired is asked for once more. Throws DownloadFailed where the vendor's side failed, and what the
 * archive throws where that did.
 */
export async function transfer(
  deps: Pick<ArchiveDeps, 'download'>,
  sink: ArchiveSink,
  folder: string,
  { call, kind, refresh }: { call: CallRecord; kind: ObjectKey['kind']; refresh: Refresh },
): Promise<StoredObject> {
  const source = await openSource(deps, { call, kind, refresh });
  const objectKey = `${folder}/${call.callId}-${kind}${extensionOf(source.contentType)}`;
  const measured = measure(source);
  try {
    await sink.write(objectKey, measured.body, source.contentType);
  } catch (error) {
    throw measured.failure() ?? new ArchiveUnusable(error);
  }
  const { bytes, sha256 } = measured.result();
  return { callId: call.callId, kind, place: sink.place, objectKey, bytes, sha256 };
}

async function openSource(
  deps: Pick<ArchiveDeps, 'download'>,
  { call, kind, refresh }: { call: CallRecord; kind: ObjectKey['kind']; refresh: Refresh },
): Promise<Download> {
  try {
    return await deps.download(linkOf(call, kind));
  } catch (error) {
    if (!(error instanceof DownloadFailed) || error.reason !== 'expired') throw error;
  }
  const fresh = await refresh(call.callId);
  if (fresh === null) throw new DownloadFailed('gone', 'The phone system does not show the call any more.');
  return deps.download(linkOf(fresh, kind));
}

function linkOf({ recordingUrl, voicemailUrl }: CallRecord, kind: ObjectKey['kind']): string {
  const url = kind === 'recording' ? recordingUrl : voicemailUrl;
  if (url !== null) return url;
  throw new DownloadFailed('failed', `The phone system shows no ${kind} of the call at present.`);
}

interface Measured {
  readonly body: AsyncIterable<Uint8Array>;
  /** Set when the source, not the archive, ended the copy. */
  failure(): DownloadFailed | null;
  result(): { readonly bytes: number; readonly sha256: string };
}

/** Counts and hashes what goes through; a source that ends early is a failure, never a shorter recording. */
function measure(source: Download): Measured {
  const hash = createHash('sha256');
  let bytes = 0;
  let failed: DownloadFailed | null = null;
  async function* pass(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of source.body) {
        bytes += chunk.length;
        hash.update(chunk);
        yield chunk;
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failed = error instanceof DownloadFailed ? error : new DownloadFailed('failed', message);
      throw failed;
    }
    if (source.bytes === null || bytes === source.bytes) return;
    failed = new DownloadFailed(
      'failed',
      `${String(bytes)} of ${String(source.bytes)} bytes arrived before the download ended.`,
    );
    throw failed;
  }
  return {
    body: pass(),
    failure: () => failed,
    result: () => ({ bytes, sha256: hash.digest('hex') }),
  };
}

/** SHA-256 of a stream, in hex. */
export async function hashOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of body) hash.update(chunk);
  return hash.digest('hex');
}

function extensionOf(contentType: string): string {
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  switch (type) {
    case 'audio/mpeg':
    case 'audio/mp3':
      return '.mp3';
    case 'audio/wav':
    case 'audio/x-wav':
    case 'audio/wave':
      return '.wav';
    case 'audio/ogg':
      return '.ogg';
    default:
      return '';
  }
}
