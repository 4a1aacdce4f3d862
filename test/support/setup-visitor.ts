import type { SetupStep } from '../../src/sso/setup-ports.js';
import { csrfOf } from './console-visitor.js';
import { answerOf } from './saml-idp-server.js';
import type { SetupWorld } from './setup-world.js';
import { makeBrowser, pathOf } from './sso-world.js';

/** Somebody with a setup link and no browser. */
export interface SetupVisitor {
  open(step: SetupStep): Promise<string>;
  /** Sends a step's form as its page has it, and returns the page that comes next. */
  submit(step: SetupStep, fields?: Readonly<Record<string, string>>): Promise<string>;
  /** Goes to the identity provider and comes back, with whatever it says. Returns the page of the test. */
  tryOut(): Promise<string>;
}

export async function makeSetupVisitor(world: SetupWorld): Promise<SetupVisitor> {
  const browser = makeBrowser(world);
  const link = await callApi(world, 'POST', '/setup-links', { label: 'IT of Acme' });
  await browser.post(new URL(String(link['url'])).pathname, {});
  const open = async (step: SetupStep) => (await browser.get(`/setup/steps/${step}`)).text();
  return {
    open,
    async submit(step, fields = {}) {
      // Some pages offer no form yet; what is sent to them all the same comes with the token of another page.
      const csrf = csrfOf(await open(step)) || csrfOf(await open('idp'));
      const answer = await browser.post(`/setup/steps/${step}`, { _csrf: csrf, ...fields });
      return answer.status === 303 ? (await browser.get(pathOf(answer))).text() : answer.text();
    },
    async tryOut() {
      const [, path = ''] = /href="[^"]*(\/sso\/[^"]+\/test\?[^"]+)"/.exec(await open('test')) ?? [];
      const begun = await browser.get(path);
      const { action, message } = await answerOf(begun.headers.get('location') ?? '');
      const posted = await browser.post(action, { SAMLResponse: message });
      return (await browser.get(pathOf(posted))).text();
    },
  };
}

export async function callApi(
  world: SetupWorld,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${world.origin}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${await world.apiToken()}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Readonly<Record<string, unknown>>;
}
