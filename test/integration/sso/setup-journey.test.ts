import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuideValue } from '../../../src/sso/guides/guide.js';
import { GUIDES } from '../../../src/sso/guides/guides.js';
import { IDP_KINDS, type IdpKind } from '../../../src/sso/connection.js';
import { IDP_WORDS } from '../../../src/sso/idp-words.js';
import { createTestDatabase } from '../../support/database.js';
import { callApi, makeSetupVisitor, type SetupVisitor } from '../../support/setup-visitor.js';
import { answerOf, startSamlIdp, type SamlIdpServer } from '../../support/saml-idp-server.js';
import { until } from '../../support/service-process.js';
import { openSetupWorld, type SetupWorld } from '../../support/setup-world.js';
import { makeBrowser } from '../../support/sso-world.js';

const OLIVIA = {
  nameId: 'olivia@acme.example',
  attributes: {
    email: ['olivia@acme.example'],
    firstName: ['Olivia'],
    lastName: ['Owner'],
    groups: ['IT Admins', 'Sales: <EMEA>'],
  },
};

let world: SetupWorld;
let idp: SamlIdpServer;
let admin: SetupVisitor;

beforeAll(async () => {
  world = await openSetupWorld(await createTestDatabase());
  idp = await startSamlIdp(OLIVIA);
  admin = await makeSetupVisitor(world);
});
afterAll(async () => {
  await idp?.stop();
  await world?.stop();
});

/** Values beside copy buttons, each with what it is called. */
const copyable = (html: string) =>
  [
    ...html.matchAll(
      /<code id="([^"]+)">([^<]*)<\/code><button[^>]*data-copy="([^"]+)".*?class="hidden"> ([^<]+)</g,
    ),
  ].map(([, id, value, copies, label]) => {
    expect(copies).toBe(id);
    return [label ?? '', value ?? ''] as const;
  });

/** What the value of a step is called beside its button. */
const LABELS: Readonly<Record<GuideValue, string>> = {
  appName: 'the name',
  acsUrl: 'the ACS URL',
  entityId: 'the entity ID',
  loginUrl: 'the sign-on URL',
  metadataUrl: 'the metadata address',
  scimBaseUrl: 'the SCIM address',
  scimToken: 'the token',
  uniqueField: 'the unique field',
};

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

describe.each(IDP_KINDS)('the guide for %s', (kind: IdpKind) => {
  const guide = GUIDES[kind];

  it('leads through the whole way in its own words, with every value to copy and none missing', async () => {
    const application = await admin.submit('idp', { kind });
    const serviceProvider = await ourSide();
    const values: Readonly<Record<string, string>> = {
      [LABELS.appName]: 'Patchbay',
      [LABELS.acsUrl]: serviceProvider.acsUrl,
      [LABELS.entityId]: serviceProvider.entityId,
      [LABELS.loginUrl]: serviceProvider.loginUrl,
      [LABELS.metadataUrl]: serviceProvider.metadataUrl,
      [LABELS.scimBaseUrl]: `${world.origin}/scim/v2`,
      [LABELS.uniqueField]: 'userName',
    };
    const metadata = await admin.submit('service-provider');
    const attributes = await admin.submit('metadata', { metadataXml: idp.idp.metadata() });
    await admin.submit('attributes', { 'role.owner': 'IT Admins' });
    expect(await admin.tryOut()).toContain('The test sign-in works');
    const scim = await admin.submit('test');
    const pages = [application, metadata, attributes, scim];
    await lookAtPush(kind);

    for (const step of [...guide.application, ...guide.metadata.steps, ...guide.attributes.steps]) {
      expect(pages.some((html) => html.includes(escaped(step.text)))).toBe(true);
    }
    const labels = new Set(copyable(application).map(([label]) => label));
    for (const { value } of guide.application)
      if (value !== undefined) expect(labels).toContain(LABELS[value]);
    expect([...labels]).toEqual(expect.arrayContaining([LABELS.acsUrl, LABELS.entityId]));
    for (const [label, value] of pages.flatMap(copyable)) {
      if (label.startsWith('the name ')) expect(value).toBe(label.slice('the name '.length));
      else expect([label, value]).toEqual([label, values[label]]);
    }
    expect(guide.attributes.rows.map(({ name }) => name)).toEqual(
      copyable(attributes).flatMap(([label, value]) => (label.startsWith('the name ') ? [value] : [])),
    );
    for (const { source } of guide.attributes.rows) expect(attributes).toContain(escaped(source));
    expect(attributes).toContain(`placeholder="${guide.attributes.groupExample}"`);
    expect(attributes).toContain(escaped(guide.assignment));
    expect(metadata).toContain(`placeholder="${escaped(guide.metadata.urlExample)}"`);
    if (kind !== 'generic') for (const html of pages) expect(html).toContain(IDP_WORDS[kind].name);
    for (const html of pages) {
      expect(html).not.toMatch(/undefined|\[object|NaN|>null</);
      for (const other of IDP_KINDS.filter((one) => one !== kind && one !== 'generic')) {
        expect(html).not.toContain(IDP_WORDS[other].name);
      }
    }
  });
});

/** Where address and token go; nothing of the kind where an identity provider cannot push. */
async function lookAtPush(kind: IdpKind): Promise<void> {
  const { isOffered, steps } = GUIDES[kind].scim;
  if (!isOffered) {
    const html = await admin.open('scim');
    expect(html).not.toContain('Make the SCIM token');
    expect(html).toContain('so people come here with their sign-in');
    return;
  }
  const html = await admin.submit('scim', { way: 'token' });
  const values = new Map(copyable(html));
  for (const { text, value } of steps) {
    expect(html).toContain(escaped(text));
    if (value !== undefined) expect([...values.keys()]).toContain(LABELS[value]);
  }
  expect(values.get(LABELS.scimBaseUrl)).toBe(`${world.origin}/scim/v2`);
  expect(values.get(LABELS.scimToken)).toMatch(/^pbk_scim_[0-9A-Za-z]{36}$/);
}

async function ourSide() {
  const { serviceProvider } = await callApi(world, 'GET', '/sso-connections/sso');
  return serviceProvider as Readonly<Record<'acsUrl' | 'entityId' | 'loginUrl' | 'metadataUrl', string>>;
}

describe('a set-up without a push', () => {
  it('shows many groups a page at a time, finds them by name, and keeps what was chosen on every page', async () => {
    const many = Array.from({ length: 250 }, (_, number) => `Group ${String(1000 + number)}`);
    idp.setPerson({ ...OLIVIA, attributes: { ...OLIVIA.attributes, groups: [...many, 'IT Admins'] } });
    const other = await makeSetupVisitor(world);
    await other.submit('idp', { kind: 'google' });
    await other.submit('service-provider');
    await other.submit('metadata', { metadataXml: idp.idp.metadata() });
    await other.submit('attributes', { 'role.owner': 'IT Admins' });
    await other.tryOut();
    await other.submit('test');
    const first = await other.submit('scim', { way: 'sign-in' });
    idp.setPerson(OLIVIA);
    const shown = (html: string) =>
      [...html.matchAll(/name="group\.\d+" value="([^"]+)"/g)].map(([, name]) => name);
    const hidden = (html: string) =>
      Object.fromEntries(
        [...html.matchAll(/name="(next|shown\.search|shown\.after)" value="([^"]*)"/g)].map(
          ([, name, value]) => [name, value],
        ),
      ) as Record<string, string>;
    const choose = (html: string, group: string, role: string) => ({
      ...hidden(html),
      'group.0': group,
      'role.0': role,
    });
    expect(shown(first)).toEqual(many.slice(0, 100));

    const second = await other.submit('rules', { ...choose(first, 'Group 1005', 'admin'), go: 'next' });
    expect(shown(second)).toEqual(many.slice(100, 200));
    expect(second).toContain('Chosen already, beside what is shown here: “Group 1005”.');
    const found = await other.submit('rules', {
      ...choose(second, 'Group 1105', 'agent'),
      go: 'find',
      search: ' gROUP 124',
    });
    expect(shown(found)).toEqual(many.slice(240));
    expect(found).toContain('“Group 1005”, “Group 1105”.');
    const nothing = await other.submit('rules', { ...hidden(found), go: 'find', search: 'nobody' });
    expect(nothing).toContain('No group matches');
    const last = await other.submit('rules', { ...hidden(nothing), go: 'find', search: '' });
    expect(shown(last)).toEqual(many.slice(0, 100));
    // What was chosen stands there again, and can be taken back.
    expect(/Group 1005".*?<\/select>/s.exec(last)?.[0]).toMatch(/value="admin" selected/);
    await other.submit('rules', { ...choose(last, 'Group 1005', ''), go: 'next' });
    // Nothing is decided before the impact was shown.
    expect(await other.submit('go-live')).toContain('The steps before this one are not done yet');
    expect(await other.submit('rules', choose(last, 'Group 1249', 'supervisor'))).toContain(
      'What would happen',
    );
    const rules = await other.open('rules');
    expect(rules).toContain('beside what is shown here: “Group 1105”, “Group 1249”.');
  });

  it('takes groups from the test sign-in, goes live, and the first sign-in brings somebody into the phone system', async () => {
    await admin.submit('idp', { kind: 'google' });
    await admin.submit('metadata', { metadataXml: idp.idp.metadata() });
    await admin.submit('attributes', { 'role.owner': 'IT Admins' });
    await admin.tryOut();
    await admin.submit('test');
    const rules = await admin.submit('scim', { way: 'sign-in' });
    expect(rules).toContain('Step 7 of 9');
    expect(rules).toContain('What does each group get?');
    expect(rules).toContain('Sales: &lt;EMEA>');
    expect(rules).toContain('came with your test sign-in');
    expect(rules).not.toContain('name="search"');
    const sales = /name="group\.(\d+)" value="Sales/.exec(rules)?.[1] ?? '';
    const choices = {
      [`group.${sales}`]: 'Sales: <EMEA>',
      [`role.${sales}`]: 'agent',
      [`team.${sales}`]: 'Sales',
    };
    const template = await admin.submit('rules', { ...choices, [`team.${sales}`]: 'Sales {country}' });
    expect(template).toContain('“{country}” stands for an attribute of each person');
    // What was typed is still there to be corrected, and nothing of it was kept.
    expect(template).toContain('value="Sales {country}"');
    expect(await admin.open('rules')).not.toContain('{country}');
    expect(await admin.submit('rules', choices)).toContain('What would happen');
    const live = await admin.submit('impact');
    expect(live).toContain('Whoever signs in brings their name and groups along.');
    const end = await admin.submit('go-live', { 'account.0': 'aircall', 'policy.0': 'upsert-only' });
    expect(end).toContain('You are live');
    expect((await callApi(world, 'GET', '/sso-connections/sso'))['settings']).toMatchObject({ jit: 'on' });

    idp.setPerson({
      nameId: 'sam@acme.example',
      attributes: { firstName: ['Sam'], lastName: ['Sales'], groups: ['Sales: <EMEA>'] },
    });
    const browser = makeBrowser(world);
    const begun = await browser.get('/sso/acme/sso/login');
    const { action, message } = await answerOf(begun.headers.get('location') ?? '');
    // No console role, so no way into the console; the telephone is another matter.
    expect((await browser.post(action, { SAMLResponse: message })).status).toBe(403);
    const inSandbox = () => world.sandbox.snapshot().users.find(({ email }) => email === 'sam@acme.example');
    const team = world.sandbox.snapshot().teams.find(({ name }) => name === 'Sales');
    await until(
      () => Promise.resolve(inSandbox()?.teamIds.includes(team?.id ?? -1) ?? false),
      'Sam in Sales',
    );
  });

  it('asks for a new test once something was changed, and leads nowhere past it', async () => {
    const again = await makeSetupVisitor(world);
    await again.submit('idp', { kind: 'okta' });
    await again.submit('service-provider');
    await again.submit('metadata', { metadataXml: idp.idp.metadata() });
    await again.submit('attributes', { 'role.owner': 'Sales: <EMEA>' });
    expect(await again.open('metadata')).toContain('Keep what is known and go on');
    const refused = await again.submit('test');
    expect(refused).toContain('No test sign-in has passed since the connection was last changed');
    expect(await again.tryOut()).toContain('The test sign-in works');
    // The same once more is no change.
    await again.submit('metadata', { metadataXml: idp.idp.metadata() });
    await again.submit('attributes', { 'role.owner': 'Sales: <EMEA>' });
    expect(await again.open('test')).toContain('The test sign-in works');
    await again.submit('attributes', { 'role.owner': 'Somebody else' });
    expect(await again.submit('test')).toContain('No test sign-in has passed');
    expect(await again.submit('go-live')).toContain('The steps before this one are not done yet');
    const { state } = await callApi(world, 'GET', '/sso-connections/sso-2');
    expect(state).toBe('draft');
  });

  it('never writes over rules that are there', async () => {
    const again = await makeSetupVisitor(world);
    const before = await world.services.rules.get(world.tenant.id);
    await again.submit('idp', { kind: 'okta' });
    await again.submit('service-provider');
    await again.submit('metadata', { metadataXml: idp.idp.metadata() });
    await again.submit('attributes', { 'role.owner': 'Sales: <EMEA>' });
    await again.tryOut();
    await again.submit('test');
    expect(await again.submit('scim', { way: 'sign-in' })).toContain('There are rules already');
    // Sent by hand, past what the page offers.
    await again.submit('rules', { 'group.0': 'Everybody', 'role.0': 'admin' });
    await again.submit('impact');
    expect(await again.submit('go-live')).toContain('You are live');
    expect(await world.services.rules.get(world.tenant.id)).toEqual(before);
  });

  it('is closed afterwards', async () => {
    expect(await admin.open('rules')).toContain('Open your setup link');
  });
});
