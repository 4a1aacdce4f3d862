import { AppError } from '../domain/errors.js';
import { HttpClientError, type HttpClient } from '../lib/http-client.js';
import type { SendHttp } from './port.js';

/**
 * The providers' way out: one request over the guarded client, which checks the address and limits time and size.
 * @throws AppError `unavailable` when there was no answer: a write may then have happened, unless the field
 *   `mayHaveArrived` is false. `invalid` when the account's address must not be called, `contract` for a redirect
 *   or an answer beyond the size limit, which no vendor sends on purpose.
 */
export function makeHttpTransport(client: Pick<HttpClient, 'request'>): SendHttp {
  return async (request) => {
    try {
      const response = await client.request(request);
      return { status: response.status, headers: response.headers, body: response.body.toString('utf8') };
    } catch (error) {
      if (error instanceof HttpClientError) throw translate(error);
      throw error;
    }
  };
}

function translate(error: HttpClientError): AppError {
  const options = {
    cause: error,
    fields: { failure: error.failure, mayHaveArrived: error.mayHaveArrived },
  };
  switch (error.failure) {
    case 'invalidUrl':
    case 'refusedAddress':
      return new AppError('invalid', `The phone system's address cannot be used. ${error.message}`, options);
    case 'redirect':
    case 'tooLarge':
      return new AppError(
        'contract',
        `The phone system answered in a way that Patchbay does not accept. ${error.message} Nothing was concluded ` +
          'from it. Check the base URL of the account.',
        options,
      );
    case 'unreachable':
    case 'timeout':
    case 'aborted':
    case 'connectionLost':
      return new AppError(
        'unavailable',
        `The phone system did not answer. ${error.message} Patchbay tries again by itself.`,
        options,
      );
  }
}
