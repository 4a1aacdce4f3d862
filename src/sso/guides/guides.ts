import type { IdpKind } from '../connection.js';
import { ENTRA } from './entra.js';
import { GENERIC } from './generic.js';
import { GOOGLE } from './google.js';
import type { Guide } from './guide.js';
import { JUMPCLOUD } from './jumpcloud.js';
import { KEYCLOAK } from './keycloak.js';
import { OKTA } from './okta.js';
import { ONELOGIN } from './onelogin.js';
import { PING } from './ping.js';

/** What to do at each identity provider. Only words depend on it; what is checked is the same for all. */
export const GUIDES: Readonly<Record<IdpKind, Guide>> = {
  okta: OKTA,
  entra: ENTRA,
  google: GOOGLE,
  onelogin: ONELOGIN,
  jumpcloud: JUMPCLOUD,
  ping: PING,
  keycloak: KEYCLOAK,
  generic: GENERIC,
};
