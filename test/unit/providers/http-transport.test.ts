import { expect, test } from 'vitest';
import { HttpClientError, type HttpClient, type HttpFailure } from '../../../src/lib/http-client.js';
import { makeHttpTransport } from '../../../src/providers/http-transport.js';

const request = { method: 'GET', url: 'https://api.example.com/v1/ping', headers: {} } as const;

function failing(failure: unknown): Pick<HttpClient, 'request'> {
  return { request: () => Promise.reject(failure) };
}

test('hands over status, headers and the body as text', async () => {
  const body = Buffer.from('{"name":"Ünï"}', 'utf8');
  const client: Pick<HttpClient, 'request'> = {
    request: () => Promise.resolve({ status: 201, headers: { 'retry-after': '1' }, body }),
  };

  const response = await makeHttpTransport(client)(request);

  expect(response).toEqual({ status: 201, headers: { 'retry-after': '1' }, body: '{"name":"Ünï"}' });
});

const kinds: readonly [HttpFailure, string][] = [
  ['invalidUrl', 'invalid'],
  ['refusedAddress', 'invalid'],
  ['redirect', 'contract'],
  ['tooLarge', 'contract'],
  ['unreachable', 'unavailable'],
  ['timeout', 'unavailable'],
  ['aborted', 'unavailable'],
  ['connectionLost', 'unavailable'],
];

test.each(kinds)('%s is %s, and tells whether the request may have arrived', async (failure, kind) => {
  for (const mayHaveArrived of [true, false]) {
    const send = makeHttpTransport(failing(new HttpClientError(failure, mayHaveArrived, 'The host failed.')));

    await expect(send(request)).rejects.toMatchObject({
      kind,
      message: expect.stringContaining('The host failed.'),
      fields: { failure, mayHaveArrived },
    });
  }
});

test('does not dress up an error of our own', async () => {
  const bug = new TypeError('undefined is not a function');

  await expect(makeHttpTransport(failing(bug))(request)).rejects.toBe(bug);
});
