import type { z } from 'zod';
import type { IdpPerson, IdpReading } from '../domain/findings/directory-view.js';
import type { CheckedAddress } from '../lib/address-resolver.js';
import type { HttpClient } from '../lib/http-client.js';
import type { RunProgress } from './ports.js';

export const IDP_KINDS = ['okta', 'entra', 'google', 'ldap', 'scim'] as const;
export type IdpKind = (typeof IDP_KINDS)[number];

/**
 * An identity provider's own API, read only. Every call throws AppError only: `credential` (refused; never repeated),
 * `rateLimited` with `retryAt`, `unavailable`, `contract` (an answer of unknown shape, or a list that cannot be
 * whole), `invalid` (the settings name something that is not there).
 */
export interface IdpReader {
  /** Proves that the credential works and may read what it must. */
  validate(): Promise<IdpFacts>;
  /** Everybody, or throws: never a shorter list. */
  read(request: IdpReadRequest): Promise<IdpReadResult>;
  /** One person by the provider's id, whether or not lists show them; null when the provider says: no such person. */
  lookUp(id: string): Promise<IdpPerson | null>;
  close(): Promise<void>;
}

export interface IdpFacts {
  /** What the credential reaches, such as the name of the application or the base of the directory. */
  readonly name: string;
  readonly details: Readonly<Record<string, string | number>>;
}

export interface IdpReadRequest {
  /** The last reading and where its list of changes goes on; null: read everything. */
  readonly previous: { readonly reading: IdpReading; readonly resumeToken: unknown } | null;
  readonly progress: (progress: RunProgress) => Promise<void>;
}

export interface IdpReadResult {
  readonly reading: IdpReading;
  /** Ids of the people in the reading who are provisioned here; null: all of them. */
  readonly inScope: ReadonlySet<string> | null;
  /** null: the provider has no list of changes. */
  readonly resumeToken: unknown;
  /** Whether only changes were read and applied to the previous reading. */
  readonly isDelta: boolean;
}

export interface IdpDeps {
  readonly http: HttpClient;
  /** Where to connect to for protocols other than HTTP. Throws AddressRefusedError. */
  readonly resolve: (host: string) => Promise<CheckedAddress>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** One kind of identity provider as data plus a constructor. `open` receives both parsed. */
export interface IdpDefinition<Config = unknown, Secrets = unknown> {
  readonly kind: IdpKind;
  readonly displayName: string;
  readonly configSchema: z.ZodType<Config>;
  readonly secretSchema: z.ZodType<Secrets>;
  open(config: Config, secrets: Secrets, deps: IdpDeps): IdpReader;
}
