import { afterAll, beforeAll, describe, it } from 'vitest';
import { startScim, type ScimFixture } from '../support/scim.js';
import { authentik } from './dialects/authentik.js';
import type { Dialect } from './dialects/dialect.js';
import { entraDefault, entraFlag } from './dialects/entra.js';
import { entraValidator } from './dialects/entra-validator.js';
import { google } from './dialects/google.js';
import { jumpCloud } from './dialects/jumpcloud.js';
import { keycloak } from './dialects/keycloak.js';
import { oktaAiw } from './dialects/okta-aiw.js';
import { oktaOin } from './dialects/okta-oin.js';
import { oneLogin } from './dialects/onelogin.js';
import { ping } from './dialects/ping.js';
import { play } from './dialects/play.js';
import { salesforceLike } from './dialects/salesforce-like.js';

const DIALECTS: readonly Dialect[] = [
  oktaAiw,
  oktaOin,
  entraDefault,
  entraFlag,
  entraValidator,
  oneLogin,
  jumpCloud,
  ping,
  google,
  authentik,
  keycloak,
  salesforceLike,
];

let fixture: ScimFixture;
let tenants = 0;

beforeAll(async () => {
  fixture = await startScim();
});
afterAll(() => fixture.close());

describe.each(DIALECTS)('$name', (dialect) => {
  it.each(dialect.scenarios)('$name', async (scenario) => {
    tenants += 1;
    const client = await fixture.addClient(`tenant-${String(tenants)}`);
    await play(client, dialect, scenario);
  });
});
