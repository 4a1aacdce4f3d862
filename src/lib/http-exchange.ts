import * as http from 'node:http';
import * as https from 'node:https';
import { HttpClientError, type HttpRequest, type HttpResponse, type HttpStream } from './http-message.js';

export interface ExchangeLimits {
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
}

interface Exchange {
  readonly url: URL;
  readonly request: HttpRequest;
  readonly limits: ExchangeLimits;
  readonly deadline: AbortSignal;
  readonly outgoing: http.ClientRequest;
}

/** One request and its answer over `agent`, which decides where it may connect. @throws HttpClientError */
export async function exchange(
  url: URL,
  request: HttpRequest,
  agent: http.Agent,
  limits: ExchangeLimits,
): Promise<HttpResponse> {
  const current = begin(url, request, agent, limits);
  const connection = watchConnection(current.outgoing, url);
  try {
    const incoming = await receiveHead(current);
    refuseRedirect(incoming, url);
    const body = await receiveBody(current, incoming);
    return { status: incoming.statusCode ?? 0, headers: flatten(incoming.headers), body };
  } catch (error) {
    current.outgoing.destroy();
    throw describeFailure(current, connection.isOpen, error);
  }
}

/** The same, with the body as a stream: for answers of any length. The time limit covers the whole stream. */
export async function exchangeStream(
  url: URL,
  request: HttpRequest,
  agent: http.Agent,
  limits: ExchangeLimits,
): Promise<HttpStream> {
  const current = begin(url, request, agent, limits);
  const connection = watchConnection(current.outgoing, url);
  try {
    const incoming = await receiveHead(current);
    refuseRedirect(incoming, url);
    const body = pour(current, incoming, connection);
    return { status: incoming.statusCode ?? 0, headers: flatten(incoming.headers), body };
  } catch (error) {
    current.outgoing.destroy();
    throw describeFailure(current, connection.isOpen, error);
  }
}

/** Ends the exchange however the reader leaves it. */
async function* pour(
  current: Exchange,
  incoming: http.IncomingMessage,
  connection: { readonly isOpen: boolean },
): AsyncGenerator<Buffer> {
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > current.limits.maxResponseBytes) throw tooLarge(current);
      yield chunk;
    }
  } catch (error) {
    throw describeFailure(current, connection.isOpen, error);
  } finally {
    current.outgoing.destroy();
  }
}

function begin(url: URL, request: HttpRequest, agent: http.Agent, limits: ExchangeLimits): Exchange {
  const deadline = AbortSignal.timeout(request.timeoutMs ?? limits.timeoutMs);
  const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
  const send = url.protocol === 'https:' ? https.request : http.request;
  const outgoing = send(url, { method: request.method, headers: { ...request.headers }, agent, signal });
  return { url, request, limits, deadline, outgoing };
}

/** Before the connection stands, nothing can have been sent. */
function watchConnection(outgoing: http.ClientRequest, url: URL): { readonly isOpen: boolean } {
  const connection = { isOpen: false };
  outgoing.once('socket', (socket) => {
    const opened = (): void => {
      connection.isOpen = true;
    };
    if (!socket.connecting) opened();
    else socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', opened);
  });
  return connection;
}

function receiveHead({ outgoing, request }: Exchange): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve);
    // Stays for the life of the request: an error after the head would otherwise end the process.
    outgoing.on('error', reject);
    outgoing.end(request.body);
  });
}

function refuseRedirect(incoming: http.IncomingMessage, url: URL): void {
  const status = incoming.statusCode ?? 0;
  if (status < 300 || status >= 400 || status === 304) return;
  const message = `${url.host} answered with a redirect (${status}), which is not followed.`;
  throw new HttpClientError('redirect', true, message);
}

async function receiveBody(current: Exchange, incoming: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > current.limits.maxResponseBytes) throw tooLarge(current);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge({ url, limits }: Exchange): HttpClientError {
  const message = `The answer of ${url.host} is larger than ${limits.maxResponseBytes} bytes.`;
  return new HttpClientError('tooLarge', true, message);
}

function describeFailure(
  { url, request, limits, deadline }: Exchange,
  isConnected: boolean,
  error: unknown,
): HttpClientError {
  if (error instanceof HttpClientError) return error;
  if (request.signal?.aborted === true) {
    return new HttpClientError('aborted', isConnected, `The request to ${url.host} was cancelled.`, error);
  }
  if (deadline.aborted) {
    const message = `${url.host} did not answer within ${request.timeoutMs ?? limits.timeoutMs} ms.`;
    return new HttpClientError('timeout', isConnected, message, error);
  }
  if (isConnected) {
    const message = `The connection to ${url.host} was lost before the answer was complete.`;
    return new HttpClientError('connectionLost', true, message, error);
  }
  return new HttpClientError('unreachable', false, `${url.host} cannot be reached.`, error);
}

function flatten(headers: http.IncomingHttpHeaders): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(entries);
}
