import type { IdpDefinition, IdpKind } from '../report/idp-port.js';
import { entra } from './entra/reader.js';
import { google } from './google.js';
import { ldap } from './ldap/reader.js';
import { okta } from './okta.js';
import { scim } from './scim.js';

/** Every kind of identity provider whose own API can be read. */
export const IDP_DEFINITIONS: Readonly<Record<IdpKind, IdpDefinition>> = { okta, entra, google, ldap, scim };
