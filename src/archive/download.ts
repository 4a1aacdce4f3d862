import { DownloadFailed, type ArchiveDeps } from '../deprovision/archive/ports.js';
import { HttpClientError, type HttpClient } from '../lib/http-client.js';

/** Fetches recordings by the links that the vendor gives, which carry their own permission for a while. */
export function makeDownload(client: Pick<HttpClient, 'stream'>): ArchiveDeps['download'] {
  return async (url) => {
    try {
      const { status, headers, body } = await client.stream({ method: 'GET', url });
      if (status !== 200) {
        await drain(body);
        throw refusalOf(status);
      }
      const length = headers['content-length'];
      return {
        body,
        bytes: length === undefined ? null : Number(length),
        contentType: headers['content-type'] ?? 'application/octet-stream',
      };
    } catch (error) {
      if (error instanceof HttpClientError) throw new DownloadFailed('failed', error.message);
      throw error;
    }
  };
}

/** A link that has run out is refused like one that never was: fresh ones tell. */
function refusalOf(status: number): DownloadFailed {
  const message = `The recording's address answered with ${String(status)}.`;
  if (status === 401 || status === 403 || status === 404 || status === 410)
    return new DownloadFailed('expired', message);
  return new DownloadFailed('failed', message);
}

/** A short refusal is read to its end, so that the connection serves the next request. */
async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  let left = 64_000;
  for await (const chunk of body) {
    left -= chunk.length;
    if (left < 0) return;
  }
}
