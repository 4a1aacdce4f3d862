import { describe, expect, it } from 'vitest';
import { connectionSettingsSchema, IDP_KINDS } from '../../../src/sso/connection.js';
import { maskPersonal, summariseArrived } from '../../../src/sso/arrived-summary.js';
import { explain } from '../../../src/sso/explanations.js';
import { makeFriendlyId, readFriendlyId } from '../../../src/sso/friendly-id.js';
import { guessIdpKind } from '../../../src/sso/idp-source.js';
import { IDP_WORDS } from '../../../src/sso/idp-words.js';
import type { ResponseFacts } from '../../../src/sso/saml/facts.js';
import { CHECK_NAMES } from '../../../src/sso/saml/finding.js';
import type { Arrived } from '../../../src/sso/saml/open-message.js';
import { makeTraces } from '../../../src/sso/traces.js';
import type { TraceStore } from '../../../src/sso/ports.js';
import type { Trace } from '../../../src/sso/trace.js';

describe('explanations', () => {
  it('say for every check and every IdP what happened, what it means and what to do', () => {
    for (const check of CHECK_NAMES) {
      for (const idpKind of IDP_KINDS) {
        const { title, meaning, change } = explain({ check, arrived: 'x', expected: 'EXPECTED' }, idpKind);
        for (const text of [title, meaning, change]) {
          expect(text.length).toBeGreaterThan(15);
          expect(text).not.toMatch(/undefined|null|\[object/);
        }
      }
    }
  });

  it('name the field at the IdP, and the value to put there', () => {
    const { change } = explain({ check: 'audience', arrived: 'x', expected: 'https://us/metadata' }, 'okta');

    expect(change).toContain('Audience URI (SP Entity ID)');
    expect(change).toContain('https://us/metadata');
  });
});

describe('IdPs', () => {
  it.each([
    ['https://acme.okta.com/app/abc/sso/saml', 'okta'],
    ['https://login.microsoftonline.com/123/saml2', 'entra'],
    ['https://accounts.google.com/o/saml2/idp?idpid=C1', 'google'],
    ['https://acme.onelogin.com/trust/saml2/http-redirect/sso/1', 'onelogin'],
    ['https://sso.jumpcloud.com/saml2/patchbay', 'jumpcloud'],
    ['https://auth.pingone.eu/1/saml20/idp/sso', 'ping'],
    ['https://sso.acme.test/realms/acme/protocol/saml', 'keycloak'],
    ['https://okta.com.evil.test/sso', 'generic'],
    ['https://notokta.com/sso', 'generic'],
  ])('%s speaks the words of %s', (ssoUrl, kind) => {
    expect(guessIdpKind({ entityId: 'x', ssoUrl, sloUrl: null, certificates: [] })).toBe(kind);
  });

  it('all have words of their own', () => {
    expect(new Set(Object.values(IDP_WORDS).map(({ name }) => name)).size).toBe(IDP_KINDS.length);
  });
});

describe('friendly ids', () => {
  it('can be read aloud and typed back', () => {
    for (let count = 0; count < 500; count += 1) {
      const id = makeFriendlyId();
      expect(readFriendlyId(id)).toBe(id);
      expect(readFriendlyId(` ${id.toUpperCase().replaceAll('-', ' ')} `)).toBe(id);
    }
    expect(readFriendlyId("amber-fox-42' or 1=1")).toBeNull();
  });

  it('that are taken are drawn again, a bounded number of times', async () => {
    const stored: Trace[] = [];
    const store = {
      insert(trace: Trace) {
        const isFree = stored.every(({ friendlyId }) => friendlyId !== trace.friendlyId);
        if (isFree) stored.push(trace);
        return Promise.resolve(isFree);
      },
    } as unknown as TraceStore;
    const drawn = ['amber-fox-42', 'amber-fox-42', 'olive-owl-10'];
    const traces = makeTraces({
      store,
      newId: () => 'id',
      now: () => new Date(),
      friendlyId: () => drawn.shift() ?? 'amber-fox-42',
    });
    const trace = {
      connection: { tenantId: 't', id: 'c', name: 'okta', idpKind: 'okta' },
      requestId: null,
      purpose: 'login',
      findings: [],
      arrived: null,
      granted: null,
    } as const;
    await traces.record(trace);

    expect((await traces.record(trace)).friendlyId).toBe('olive-owl-10');
    await expect(traces.record(trace)).rejects.toMatchObject({ kind: 'bug' });
  });
});

describe('what a trace keeps', () => {
  const response: ResponseFacts = {
    id: '_r',
    version: '2.0',
    destination: `https://x/${'y'.repeat(5_000)}`,
    issuer: 'https://idp.test',
    inResponseTo: null,
    statusCodes: ['urn:oasis:names:tc:SAML:2.0:status:Success'],
    statusMessage: null,
    isSigned: false,
  };
  const attributes = [
    { name: 'email', values: ['jane.doe@acme.test'] },
    { name: 'groups', values: ['Admins', 'boss@acme.test'] },
    { name: 'title', values: ['Secret agent'] },
    ...Array.from({ length: 500 }, (_unused, index) => ({ name: `a${index}`, values: ['v'] })),
  ];
  const arrived = {
    response,
    assertion: {
      issuer: 'https://idp.test',
      audiences: [],
      confirmations: [],
      attributes,
      nameId: {
        value: 'jane.doe@acme.test',
        format: 'f'.repeat(3_000),
        nameQualifier: null,
        spNameQualifier: null,
      },
    },
    isEncrypted: false,
    algorithms: [],
  } as unknown as Arrived;
  const settings = connectionSettingsSchema.parse({
    roleRules: [{ attribute: 'title', value: 'Agent', role: 'viewer' }],
  });
  const summary = summariseArrived(arrived, settings, 'https://us/acs');

  it('masks people and shows only values that decide something', () => {
    const text = JSON.stringify(summary);

    expect(text).not.toContain('jane.doe');
    expect(text).not.toContain('boss@');
    expect(summary?.attributes.slice(0, 3)).toEqual([
      { name: 'email', count: 1, values: null },
      { name: 'groups', count: 2, values: ['Admins', 'b…@acme.test'] },
      { name: 'title', count: 1, values: ['Secret agent'] },
    ]);
  });

  it('is bounded, whatever was sent', () => {
    expect(JSON.stringify(summary).length).toBeLessThan(10_000);
    expect(summary?.attributes).toHaveLength(60);
  });

  it.each([
    ['jane@acme.test', 'j…@acme.test'],
    ['G-7f83b165', 'G… (10 characters)'],
    ['李小龙', '李… (3 characters)'],
    ['', '… (0 characters)'],
  ])('masks %j as %j', (value, masked) => {
    expect(maskPersonal(value)).toBe(masked);
  });
});
