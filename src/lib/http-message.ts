export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, until the last byte of the answer. Milliseconds. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface HttpStream {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Throws HttpClientError when it ends early. */
  readonly body: AsyncIterable<Buffer>;
}

export type HttpFailure =
  | 'invalidUrl'
  | 'refusedAddress'
  | 'unreachable'
  | 'timeout'
  | 'aborted'
  | 'connectionLost'
  | 'redirect'
  | 'tooLarge';

/** There is no usable answer. The message names host and reason, never the path, which may hold personal data. */
export class HttpClientError extends Error {
  override readonly name = 'HttpClientError';
  readonly failure: HttpFailure;
  /** False only when the request certainly never reached the other side: a write may then be repeated safely. */
  readonly mayHaveArrived: boolean;

  constructor(failure: HttpFailure, mayHaveArrived: boolean, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.failure = failure;
    this.mayHaveArrived = mayHaveArrived;
  }
}
