/** JSON as it goes over the wire. */
export type Wire = null | boolean | number | string | readonly Wire[] | { readonly [name: string]: Wire };

export interface Exchange {
  /** Method and path below the base URL, the query in clear: `GET /Users?filter=userName eq "x"`. */
  readonly send: string;
  /** `{name}` stands for a kept value, in paths and bodies. A function makes the body from the answer before. */
  readonly body?: Wire | ((previous: Readonly<Record<string, Wire>>) => Wire);
  /** On top of the dialect's. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** What the answer's body must contain. */
  readonly answer?: Wire;
  /** Top-level attributes that the answer must not have, or only empty. */
  readonly without?: readonly string[];
  /** Values to remember, by name: paths into the answer such as `id` or `Resources.0.id`. */
  readonly keep?: Readonly<Record<string, string>>;
}

export interface Scenario {
  readonly name: string;
  /** What the IdP sends, in order. */
  readonly exchanges: readonly Exchange[];
  /** Everything that the directory holds afterwards, as another client reads it. */
  readonly end: {
    /** By userName; each with attributes that must be there. */
    readonly users: Readonly<Record<string, Readonly<Record<string, Wire>>>>;
    /** By displayName; each with the userNames of its members. */
    readonly groups?: Readonly<Record<string, readonly string[]>>;
  };
}

/** One kind of client: how it speaks, and what it says. */
export interface Dialect {
  readonly name: string;
  /** `Authorization` with `{token}`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Appended to the SCIM base URL as the client does. */
  readonly baseSuffix?: string;
  readonly scenarios: readonly Scenario[];
}

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** A PATCH body. */
export function patch(...operations: readonly Wire[]): Wire {
  return { schemas: [PATCH], Operations: operations };
}

/** A person as most clients create one. */
export function person(userName: string, more: Readonly<Record<string, Wire>> = {}): Wire {
  return {
    schemas: [USER],
    userName,
    name: { givenName: 'Jane', familyName: 'Doe' },
    emails: [{ value: userName, type: 'work', primary: true }],
    active: true,
    ...more,
  };
}

/** Creates a person and keeps the id under `name`. */
export function create(name: string, userName: string): Exchange {
  return { send: 'POST /Users', body: person(userName), status: 201, keep: { [name]: 'id' } };
}

export function memberOf(...names: readonly string[]): Wire {
  return names.map((name) => ({ value: `{${name}}` }));
}
