import { AppError } from '../domain/errors.js';
import { type HttpClient, HttpClientError } from '../lib/http-client.js';

/** Reads a metadata address that an admin named. Throws AppError `invalid` or `unavailable`. */
export type MetadataFetch = (url: string) => Promise<string>;

const TIMEOUT_MS = 10_000;

/** Over the client that goes to public addresses only: an admin's address must not reach into our own network. */
export function makeMetadataFetch(http: HttpClient): MetadataFetch {
  return async (url) => {
    const response = await request(http, url);
    if (response.status === 200) return response.body.toString('utf8');
    throw new AppError(
      'unavailable',
      `The metadata address answered with status ${response.status}. Open it in a browser: it must show XML without signing in.`,
      { fields: { status: response.status } },
    );
  };
}

async function request(http: HttpClient, url: string) {
  try {
    return await http.request({ method: 'GET', url, timeoutMs: TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof HttpClientError)) throw error;
    const isOurRefusal = error.failure === 'invalidUrl' || error.failure === 'refusedAddress';
    throw new AppError(
      isOurRefusal ? 'invalid' : 'unavailable',
      `The metadata could not be read. ${error.message} You can paste the metadata instead of its address.`,
      { cause: error },
    );
  }
}
