/** What a vendor's handler wants sent, before any fault touches it. */
export interface Reply {
  readonly status: number;
  /** Sent as JSON; absent for an answer without content. */
  readonly body?: unknown;
  /** Sent literally instead of `body`. */
  readonly text?: string;
  /** Sent as audio instead of `body`. */
  readonly bytes?: Buffer;
  /** Announce the whole length of `bytes` and hang up half way. */
  readonly isCutShort?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** What changed, for the request log; empty or absent means that there is nothing to save. */
  readonly effects?: readonly string[];
}

/** A request as a handler sees it: already authenticated, counted and parsed. */
export interface ApiCall {
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON body, undefined when there was none. */
  readonly body: unknown;
}

export interface ApiRoute {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  /** Synchronous on purpose: a request takes effect in one piece, whatever else is going on. */
  readonly handle: (call: ApiCall) => Reply;
  /** Reachable without the vendor's credential, budget and content-type rules. */
  readonly isOpen?: boolean;
}

/** Thrown by a handler that turns a request down; carries the whole answer. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`refused with status ${reply.status}`);
    this.name = 'Refusal';
    this.reply = reply;
  }
}
