/** The identity provider's own directory, as its API tells it. */

/** One person there. Texts are null where the provider does not say. */
export interface IdpPerson {
  /** The provider's stable id, never an address. */
  readonly id: string;
  readonly userName: string | null;
  readonly email: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  /** False is a positive fact: suspended, disabled or deleted, and the provider says so. */
  readonly isActive: boolean;
  /** The provider's own word for that, such as `DEPROVISIONED`. */
  readonly status: string;
  /** By lower-case SCIM path, as in DirectoryUser.attributes. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface IdpGroup {
  readonly id: string;
  readonly name: string;
  readonly memberIds: readonly string[];
}

/** A complete reading. There is no incomplete one: a failed read throws. */
export interface IdpReading {
  /** Milliseconds since the epoch. */
  readonly readAt: number;
  readonly people: readonly IdpPerson[];
  /** null: memberships are not read. */
  readonly groups: readonly IdpGroup[] | null;
}

export interface MissedPushOptions {
  /** How admins call the provider, such as `Okta`. */
  readonly providerName: string;
  /** Attributes by lower-case SCIM path, besides those of the person's name. */
  readonly attributes: readonly string[];
  /** Whether this provider is the only one: whoever is here and not there is worth telling. */
  readonly isOnlySource: boolean;
}
