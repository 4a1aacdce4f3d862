import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, openBrowser, type TestBrowser, type View } from '../../support/browser.js';
import { createTestDatabase } from '../../support/database.js';
import { beyondEdge, violations } from '../../support/page-checks.js';
import { startSamlIdp, type SamlIdpServer } from '../../support/saml-idp-server.js';
import { until } from '../../support/service-process.js';
import { openSetupWorld, type SetupWorld } from '../../support/setup-world.js';

const CLICKS_MAX = 40;
/** Beside wide and light, which the way itself is gone in. */
const OTHER_VIEWS: readonly View[] = [
  { width: 1280, colours: 'dark' },
  { width: 375, colours: 'light' },
];
const OLIVIA = {
  nameId: 'olivia@acme.example',
  attributes: {
    email: ['olivia@acme.example'],
    firstName: ['Olivia'],
    lastName: ['Owner'],
    groups: ['IT Admins', 'Förderung'],
  },
};

let world: SetupWorld;
let idp: SamlIdpServer;
let browser: TestBrowser;
let page: Page;
let clicks = 0;

/** Counts as a person would: pasting a value is none. */
async function click(target: Locator): Promise<void> {
  clicks += 1;
  await target.click();
}

const button = (name: string | RegExp) => page.getByRole('button', { name });
const heading = (name: string | RegExp) => page.getByRole('heading', { name, level: 1 });

/** Looks at the page, then goes on with its button. */
async function goOn(name: string | RegExp, next: string | RegExp): Promise<void> {
  await inspect();
  await click(button(name));
  await heading(next).waitFor();
}

async function inspect(): Promise<void> {
  const title = await page.title();
  expect({ title, violations: await violations(page), beyond: await beyondEdge(page) }).toEqual({
    title,
    violations: [],
    beyond: 0,
  });
}

/** The value beside a copy button, as it arrives in the clipboard. */
async function copied(label: string): Promise<string> {
  await click(button(`Copy ${label}`).first());
  await page
    .getByRole('button', { name: `Copied ${label}` })
    .first()
    .waitFor();
  return page.evaluate<string>('navigator.clipboard.readText()');
}

describe.skipIf(browserMissing !== null)(
  `self-service set-up in a browser${browserMissing === null ? '' : ` (${browserMissing})`}`,
  () => {
    beforeAll(async () => {
      world = await openSetupWorld(await createTestDatabase());
      idp = await startSamlIdp(OLIVIA);
      browser = await openBrowser();
      page = await browser.open({ width: 1280, colours: 'light' }, world.origin, null);
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: world.origin });
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
    });
    afterAll(async () => {
      await browser?.close();
      await idp?.stop();
      await world?.stop();
    });

    it('leads from the link to the first provisioned person', async () => {
      await page.goto(await createLink());
      await goOn('Start', 'Which identity provider do you use?');
      await inspect();
      await click(button('Okta'));
      await heading('Create the application in Okta').waitFor();
      const acsUrl = await copied('the ACS URL');
      expect(acsUrl).toBe(`${world.origin}/sso/acme/sso/acs`);
      await goOn('The application is there', 'Where is the metadata of Okta?');
      await giveMetadata();
      await mapRoles();
      await testSignIn();
      const push = await connectScim();
      await push();
      await page.getByRole('heading', { name: 'We have received your first request' }).waitFor();
      await page.getByText('1 person and 2 groups so far').waitFor();
      await goOn('Go on', 'What does each group get?');
      await page.getByLabel('Role for Sales').selectOption('agent');
      await page.getByLabel('Team for Sales').fill('Sales');
      await goOn('Show what would happen', 'What would happen');
      await page.getByRole('heading', { name: 'Impact on aircall' }).waitFor();
      await page.getByText('nadia@acme.example').waitFor();
      await goOn('That is what we want', 'Go live');
      await inspectEveryStep();
      await goOn('Go live', 'You are live');
      await inspect();
      const teamsOfNadia = () =>
        world.sandbox.snapshot().users.find(({ email }) => email === 'nadia@acme.example')?.teamIds ?? [];
      const sales = world.sandbox.snapshot().teams.find(({ name }) => name === 'Sales');
      // The agent comes first, and its team with the next request.
      await until(
        () => Promise.resolve(teamsOfNadia().length > 0),
        'the person in the phone system, in a team',
      );
      expect(teamsOfNadia()).toEqual([sales?.id]);
      expect(clicks).toBeLessThan(CLICKS_MAX);
      await signInForReal();
    });
  },
);

async function createLink(): Promise<string> {
  const response = await fetch(`${world.origin}/api/v1/setup-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await world.apiToken()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ label: 'IT of Acme' }),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { url: string }).url;
}

async function giveMetadata(): Promise<void> {
  await page.getByLabel('Metadata address').fill('https://127.0.0.1:1/nothing');
  await click(button('Read the metadata'));
  await page.getByRole('alert').getByText('The metadata could not be read').waitFor();
  await page.getByLabel('Metadata address').fill(idp.metadataUrl);
  await goOn('Read the metadata', 'Who may enter, and as what?');
}

async function mapRoles(): Promise<void> {
  await page.getByLabel('Owner').fill('it admins');
  await goOn('Save and go on to the test', 'Try it: sign in once');
}

/** Once with a role rule that does not match, which the page explains, then with the right one. */
async function testSignIn(): Promise<void> {
  await click(page.getByRole('link', { name: 'Start the test sign-in' }));
  await click(button(/^Sign in as/));
  await page.getByRole('heading', { name: 'The test sign-in was refused' }).waitFor();
  await page.getByText('IT Admins').first().waitFor();
  await inspect();
  await click(page.getByRole('link', { name: 'Change the roles' }));
  await page.getByLabel('Owner').fill('IT Admins');
  await click(button('Save and go on to the test'));
  await click(page.getByRole('link', { name: 'Start the test sign-in' }));
  await click(button(/^Sign in as/));
  await page.getByRole('heading', { name: 'The test sign-in works' }).waitFor();
  await page.getByText('You would enter as owner').waitFor();
  await goOn('It works, go on', 'Let Okta send people and groups');
}

/** Returns what the identity provider then does with address and token. */
async function connectScim(): Promise<() => Promise<void>> {
  await goOn('Make the SCIM token', 'Let Okta send people and groups');
  const baseUrl = await copied('the SCIM address');
  const token = await copied('the token');
  await goOn('It is set up there', 'The first request');
  await page.getByRole('heading', { name: 'Waiting for Okta' }).waitFor();
  const send = async (path: string, body: object): Promise<string> => {
    const response = await fetch(`${baseUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(201);
    return ((await response.json()) as { id: string }).id;
  };
  return async () => {
    const id = await send('/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'nadia@acme.example',
      name: { givenName: 'Nadia', familyName: 'Łukasiewicz' },
      emails: [{ value: 'nadia@acme.example', primary: true, type: 'work' }],
      active: true,
    });
    const group = (displayName: string, members: readonly object[]) =>
      send('/Groups', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName, members });
    await group('Sales', [{ value: id }]);
    await group('"><script>document.title="owned"</script>', []);
  };
}

/** Every step once more, in both widths and both colours: they all stay open until the set-up goes live. */
async function inspectEveryStep(): Promise<void> {
  const cookie = (await page.context().cookies()).find(({ name }) => name === 'patchbay_session');
  const links = await page.getByRole('navigation', { name: 'Steps' }).getByRole('link').all();
  const paths = await Promise.all(links.map((link) => link.getAttribute('href')));
  expect(paths).toHaveLength(10);
  for (const view of OTHER_VIEWS) {
    const other = await browser.open(view, world.origin, `${cookie?.name ?? ''}=${cookie?.value ?? ''}`);
    for (const path of paths) {
      await other.goto(`${world.origin}${path ?? ''}`);
      const found = { path, violations: await violations(other), beyond: await beyondEdge(other) };
      expect(found).toEqual({ path, violations: [], beyond: 0 });
      expect(await other.title()).not.toBe('owned');
      await picture(other, `${String(view.width)}-${view.colours}-${path?.split('/').at(-1) ?? ''}`);
    }
  }
}

/** For a look at the pages while working on them. */
async function picture(other: Page, name: string): Promise<void> {
  const folder = process.env['SETUP_PICTURES'];
  if (folder !== undefined) await other.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

/** From the console's own sign-in page, whose form leads to another site: the browser must let it. */
async function signInForReal(): Promise<void> {
  await page.goto(`${world.origin}/console/`);
  await page.getByLabel('Work e-mail').fill('acme');
  await inspect();
  await button('Continue with single sign-on').click();
  await button(/^Sign in as/).click();
  await page.getByRole('navigation', { name: 'Console' }).waitFor();
  await page.getByText('Olivia Owner').first().waitFor();
}
