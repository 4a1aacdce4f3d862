/**
 * The closed list of ways in which Patchbay refuses or fails. Every edge (SCIM, HTTP, jobs, CLI) has one mapper
 * from these to its own answer; nothing else may be thrown on purpose.
 */
export type ErrorKind =
  /** The caller's data is wrong. HTTP 400. */
  | 'invalid'
  /** This resource does not exist. Only ever thrown on purpose: an IdP acts on 404. */
  | 'notFound'
  /** Uniqueness is violated. HTTP 409. */
  | 'conflict'
  /** A version or a `before` no longer matches. HTTP 412; a job discards and plans again. */
  | 'stale'
  | 'unauthenticated'
  | 'forbidden'
  /** A body, a filter or a list is larger than allowed. HTTP 413. */
  | 'tooLarge'
  /** The vendor rejected our credential: the account pauses and the admin is told. Never retried. */
  | 'credential'
  /** Somebody asked us to wait until `retryAt`. Uses up no attempt. */
  | 'rateLimited'
  /** Timeout, 5xx, network or database: try again later. HTTP 503. */
  | 'unavailable'
  /** The vendor answered in a shape we do not know: never a reason to remove anything. */
  | 'contract'
  /** The vendor cannot do this at all. HTTP 501 where asked. */
  | 'capability'
  /** A safety verdict: waits for a person's approval. */
  | 'held'
  /** Ours. HTTP 500 with generic text. */
  | 'bug';

/** SCIM error detail codes (RFC 7644 section 3.12, RFC 9865 section 2.2). */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount';

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** Earliest moment at which a retry makes sense. */
  readonly retryAt?: Date;
  readonly scimType?: ScimType;
  /** Facts for the log. Never secrets, never bodies. */
  readonly fields?: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * An error with a message that a person may see. The message says what happened, what it means and what to do;
 * `cause` and `fields` are for the log only.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly kind: ErrorKind;
  readonly retryAt: Date | undefined;
  readonly scimType: ScimType | undefined;
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;

  constructor(kind: ErrorKind, publicMessage: string, options: AppErrorOptions = {}) {
    super(publicMessage, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.retryAt = options.retryAt;
    this.scimType = options.scimType;
    this.fields = options.fields ?? {};
  }
}

/** Whether `error` is an AppError, of the given kind when one is named. */
export function isAppError(error: unknown, kind?: ErrorKind): error is AppError {
  return error instanceof AppError && (kind === undefined || error.kind === kind);
}

/** For the `default` of an exhaustive switch: the compiler refuses a forgotten case, the process a forged value. */
export function unreachable(value: never): never {
  throw new AppError('bug', `Unexpected value ${JSON.stringify(value)}.`);
}
