import { describe, expect, it } from 'vitest';
import { makeSamlLibrary, samlOptions, type SamlLibrary } from '../../../src/sso/saml/library.js';
import type { SamlChecks, SamlParty } from '../../../src/sso/saml/check.js';
import type { CheckName } from '../../../src/sso/saml/finding.js';
import {
  ALL_CHECKS,
  makeResponseVerifier,
  type Verification,
} from '../../../src/sso/saml/verify-response.js';
import {
  certify,
  encodeMessage,
  makeSigningKey,
  makeTestIdp,
  type ResponseOptions,
} from '../../support/idp.js';
import {
  changedName,
  DOCTYPES,
  NAME_SPLITS,
  nested,
  secondRoot,
  SIGNATURE_WRAPPINGS,
  twoAssertions,
  VICTIM,
} from '../../support/saml-attacks.js';
import { makeOpenKeys, makeParty } from '../../support/saml-party.js';
import { all, first, hasSoundSignature, parse, SAML } from '../../support/xml-tools.js';

const REQUEST = '_request1';
const DAY_MS = 86_400_000;

const idp = makeTestIdp();
const keys = makeOpenKeys();
const party = makeParty(idp, keys);
const answer = { sp: party.sp, inResponseTo: REQUEST } satisfies ResponseOptions;

const library = makeSamlLibrary({ options: samlOptions });

/** The library without its own look at audience and times, to show that ours refuse alone. */
const laxLibrary = makeSamlLibrary({
  options: (side, now) => ({
    ...samlOptions(side, now),
    audience: false,
    acceptedClockSkewMs: -1,
    maxAssertionAgeMs: 0,
    idpCert: [...side.idp.certificates],
  }),
});

/** Reads an assertion as careless services do: some signature in the document holds, so any part of it is believed. */
function carelessLibrary(pick: 'first' | 'last', demandsSignature = true): SamlLibrary {
  return {
    ...library,
    async verifiedAssertion(side, message) {
      const xml = Buffer.from(message, 'base64').toString('utf8');
      if (demandsSignature && !hasSoundSignature(xml, side.idp.certificates))
        throw new Error('Invalid signature');
      const found = all(parse(xml), SAML, 'Assertion').at(pick === 'first' ? 0 : -1);
      if (found === undefined) throw new Error('no assertion');
      return found.toString();
    },
  };
}

function without(names: readonly CheckName[]): SamlChecks {
  const keep = (check: { readonly name: CheckName }) => !names.includes(check.name);
  return {
    text: ALL_CHECKS.text.filter(keep),
    document: ALL_CHECKS.document.filter(keep),
    response: ALL_CHECKS.response.filter(keep),
    assertion: ALL_CHECKS.assertion.filter(keep),
  };
}

interface Attempt {
  readonly message: string;
  readonly relayState?: string;
  readonly party?: SamlParty;
}

function verify(
  attempt: Attempt,
  walls: { readonly checks?: SamlChecks; readonly library?: SamlLibrary } = {},
): Promise<Verification> {
  const verifier = makeResponseVerifier({
    library: walls.library ?? library,
    checks: walls.checks ?? ALL_CHECKS,
  });
  return verifier(attempt.party ?? party, {
    samlResponse: attempt.message,
    relayState: attempt.relayState ?? null,
    now: new Date(),
  });
}

function failedChecks(verification: Verification): readonly CheckName[] {
  return verification.kind === 'refused' ? verification.findings.map((finding) => finding.check) : [];
}

/** Refused for the expected reason with every wall up; let in once the named walls are taken down. */
interface Attack {
  readonly name: string;
  readonly attempt: () => Promise<Attempt>;
  /** The finding an admin sees. */
  readonly refusedBy: CheckName;
  /** Our checks that stand in the way. */
  readonly without: readonly CheckName[];
  /** Stands in for the library where its own wall must be down too. */
  readonly library?: SamlLibrary;
  /** Who gets in then. */
  readonly as?: string;
}

const respond = (options: Partial<ResponseOptions> = {}) =>
  idp.respond({ ...answer, ...options }).then((message) => ({ message }));

async function changed(
  change: (xml: string) => string,
  options: Partial<ResponseOptions> = {},
): Promise<Attempt> {
  return { message: encodeMessage(change(await idp.responseXml({ ...answer, ...options }))) };
}

const stranger = makeSigningKey({ commonName: 'Stranger' });
const other = makeTestIdp({ entityId: 'https://other-idp.example.test' });
const otherTenant = makeParty(idp, keys, { tenant: 'umbrella' });
const expiredCertificate = certify(idp.key.privateKey, {
  notBefore: new Date(Date.now() - 800 * DAY_MS),
  notAfter: new Date(Date.now() - DAY_MS),
});
const futureCertificate = certify(idp.key.privateKey, { notBefore: new Date(Date.now() + DAY_MS) });

const MESSAGE_ATTACKS: readonly Attack[] = [
  {
    name: 'another Destination',
    attempt: () => respond({ destination: 'https://elsewhere.example.test/acs' }),
    refusedBy: 'destination',
    without: ['destination'],
  },
  {
    name: 'no Destination in a signed Response',
    attempt: () => respond({ destination: null, sign: 'both' }),
    refusedBy: 'destination',
    without: ['destination'],
  },
  {
    name: 'another Recipient',
    attempt: () => respond({ recipient: 'https://elsewhere.example.test/acs' }),
    refusedBy: 'recipient',
    without: ['recipient'],
  },
  {
    name: 'another audience',
    attempt: () => respond({ audience: 'https://elsewhere.example.test' }),
    refusedBy: 'audience',
    without: ['audience'],
    library: laxLibrary,
  },
  {
    name: 'no audience',
    attempt: () =>
      respond({
        shapeAssertion: (xml) => xml.replace(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, ''),
      }),
    refusedBy: 'audience',
    without: ['audience'],
    library: laxLibrary,
  },
  {
    name: 'another issuer of the assertion',
    attempt: () => respond({ assertionIssuer: 'https://elsewhere.example.test' }),
    refusedBy: 'assertionIssuer',
    without: ['assertionIssuer'],
  },
  {
    name: 'another issuer of the Response',
    attempt: () => respond({ issuer: 'https://elsewhere.example.test', assertionIssuer: idp.entityId }),
    refusedBy: 'responseIssuer',
    without: ['responseIssuer'],
  },
  {
    name: 'a failed status with an assertion',
    attempt: () =>
      respond({ status: 'urn:oasis:names:tc:SAML:2.0:status:Requester', statusMessage: 'denied' }),
    refusedBy: 'status',
    without: ['status'],
  },
  {
    name: 'an assertion that expired',
    attempt: () => respond({ notOnOrAfterIn: -200, issuedIn: -400, notBeforeIn: -400 }),
    refusedBy: 'expired',
    without: ['expired'],
    library: laxLibrary,
  },
  {
    name: 'a confirmation that expired',
    attempt: () => respond({ confirmationEndsIn: -200 }),
    refusedBy: 'expired',
    without: ['expired'],
    library: laxLibrary,
  },
  {
    name: 'a confirmation that never expires',
    attempt: () =>
      respond({
        shapeAssertion: (xml) => xml.replace(/(<saml:SubjectConfirmationData) NotOnOrAfter="[^"]*"/, '$1'),
      }),
    refusedBy: 'expired',
    without: ['expired'],
    // Without a NotOnOrAfter the library cannot calculate an age at all.
    library: carelessLibrary('first'),
  },
  {
    name: 'a time without a zone',
    attempt: () => respond({ shapeAssertion: (xml) => xml.replace(/(NotOnOrAfter="[^"]*)Z"/g, '$1"') }),
    refusedBy: 'expired',
    without: ['expired'],
    library: carelessLibrary('first'),
  },
  {
    name: 'an assertion that is not valid yet',
    attempt: () => respond({ notBeforeIn: 200, notOnOrAfterIn: 600 }),
    refusedBy: 'notYetValid',
    without: ['notYetValid'],
    library: laxLibrary,
  },
  {
    name: 'an assertion from the future',
    attempt: () => respond({ issuedIn: 200 }),
    refusedBy: 'notYetValid',
    without: ['notYetValid'],
  },
  {
    name: 'an assertion older than allowed, whatever its own end',
    attempt: () => respond({ issuedIn: -800, notBeforeIn: -800, notOnOrAfterIn: 3600 }),
    refusedBy: 'age',
    without: ['age'],
    library: laxLibrary,
  },
  {
    name: 'a session that is over already',
    attempt: () => respond({ sessionEndsIn: -200 }),
    refusedBy: 'sessionEnded',
    without: ['sessionEnded'],
  },
  {
    name: 'a transient NameID',
    attempt: () => respond({ nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }),
    refusedBy: 'nameId',
    without: ['nameId'],
  },
  {
    name: 'no NameID',
    attempt: () => respond({ nameId: null }),
    refusedBy: 'nameId',
    without: ['nameId'],
  },
  {
    name: 'IdP-initiated where it is not allowed',
    attempt: () => respond({ inResponseTo: null }),
    refusedBy: 'inResponseTo',
    without: ['inResponseTo'],
  },
  {
    name: 'an unsigned InResponseTo around an assertion that answers nothing',
    attempt: () => respond({ inResponseTo: null, responseInResponseTo: REQUEST }),
    refusedBy: 'inResponseTo',
    without: ['inResponseTo'],
  },
  {
    name: 'SHA-1 signatures',
    attempt: () => respond({ strength: { signature: 'sha1', digest: 'sha1' } }),
    refusedBy: 'algorithms',
    without: ['algorithms'],
  },
  {
    name: 'a SHA-1 digest under a SHA-256 signature',
    attempt: () => respond({ strength: { signature: 'sha256', digest: 'sha1' } }),
    refusedBy: 'algorithms',
    without: ['algorithms'],
  },
  {
    name: 'a SHA-1 signature inside encryption',
    attempt: () =>
      respond({ strength: { signature: 'sha1', digest: 'sha1' }, encryptFor: keys.encryptionCertificate }),
    refusedBy: 'algorithms',
    without: ['algorithms'],
  },
  {
    name: 'a certificate that expired',
    attempt: async () => ({
      ...(await respond()),
      party: makeParty(idp, keys, { certificates: [expiredCertificate] }),
    }),
    refusedBy: 'certificate',
    without: [],
    library: laxLibrary,
  },
  {
    name: 'a certificate that is not valid yet',
    attempt: async () => ({
      ...(await respond()),
      party: makeParty(idp, keys, { certificates: [futureCertificate] }),
    }),
    refusedBy: 'certificate',
    without: [],
    library: laxLibrary,
  },
  {
    name: 'an unsigned assertion',
    attempt: () => respond({ sign: 'none' }),
    refusedBy: 'assertionSigned',
    without: ['assertionSigned'],
    library: carelessLibrary('first', false),
  },
  {
    name: 'an unsigned assertion in a signed Response',
    attempt: () => respond({ sign: 'response' }),
    refusedBy: 'assertionSigned',
    without: ['assertionSigned'],
    library: makeSamlLibrary({
      options: (side, now) => ({ ...samlOptions(side, now), wantAssertionsSigned: false }),
    }),
  },
  {
    name: 'an unsigned assertion inside encryption, in a signed Response',
    attempt: () => respond({ sign: 'response', encryptFor: keys.encryptionCertificate }),
    refusedBy: 'assertionSigned',
    without: ['assertionSigned'],
    library: makeSamlLibrary({
      options: (side, now) => ({ ...samlOptions(side, now), wantAssertionsSigned: false }),
    }),
  },
  {
    name: 'an unsigned Response where the connection demands one',
    attempt: async () => ({
      ...(await respond()),
      party: makeParty(idp, keys, { settings: { requireSignedResponse: true } }),
    }),
    refusedBy: 'responseSigned',
    without: ['responseSigned'],
    library: makeSamlLibrary({
      options: (side, now) => ({ ...samlOptions(side, now), wantAuthnResponseSigned: false }),
    }),
  },
  {
    name: "a stranger's key",
    attempt: () => respond({ key: stranger }),
    refusedBy: 'signature',
    without: [],
    library: carelessLibrary('first', false),
  },
  {
    name: 'a name changed after signing',
    attempt: () => changed(changedName),
    refusedBy: 'signature',
    without: [],
    library: carelessLibrary('first', false),
    as: VICTIM,
  },
  {
    name: 'two assertions of which one is signed',
    attempt: () => changed(twoAssertions),
    refusedBy: 'oneAssertion',
    without: ['oneAssertion'],
    library: carelessLibrary('last'),
    as: VICTIM,
  },
  {
    name: 'key transport that leaks what it encrypts (RSA 1.5)',
    attempt: () =>
      respond({
        encryptFor: keys.encryptionCertificate,
        keyTransport: 'http://www.w3.org/2001/04/xmlenc#rsa-1_5',
      }),
    refusedBy: 'encryption',
    without: ['encryption'],
  },
  {
    name: "another tenant's response at this ACS, from the same IdP",
    attempt: async () => ({ ...(await respond()), party: otherTenant }),
    refusedBy: 'audience',
    without: ['audience', 'recipient', 'destination'],
    library: laxLibrary,
  },
  {
    name: 'a response of another IdP that signs for itself',
    attempt: async () => ({ message: await other.respond(answer) }),
    refusedBy: 'signature',
    without: ['assertionIssuer', 'responseIssuer'],
    library: carelessLibrary('first', false),
  },
];

const TEXT_ATTACKS: readonly Attack[] = Object.entries(NAME_SPLITS).map(([what, split]) => ({
  name: `a name cut by ${what}`,
  attempt: () => changed(split, { nameId: `${VICTIM}.evil.test` }),
  refusedBy: 'hiddenText' as const,
  without: ['hiddenText' as const],
  // Believes the first piece of text, as services hit by this did.
  library: {
    ...library,
    async verifiedAssertion(_side: SamlParty, message: string) {
      const xml = Buffer.from(message, 'base64').toString('utf8');
      const assertion = first(parse(xml), SAML, 'Assertion');
      const name = first(assertion, SAML, 'NameID');
      name.textContent = (name.firstChild as unknown as { data: string }).data;
      return assertion.toString();
    },
  } satisfies SamlLibrary,
  as: VICTIM,
}));

describe.each([...MESSAGE_ATTACKS, ...TEXT_ATTACKS])('$name', (attack) => {
  it('is refused, for a reason that an admin can act on', async () => {
    const verification = await verify(await attack.attempt());

    expect(failedChecks(verification)).toContain(attack.refusedBy);
  });

  it('would get in without the walls that refuse it', async () => {
    const verification = await verify(await attack.attempt(), {
      checks: without(attack.without),
      library: attack.library ?? library,
    });

    expect(failedChecks(verification)).toEqual([]);
    expect(verification.kind).toBe('accepted');
    if (verification.kind === 'accepted' && attack.as !== undefined) {
      expect(verification.assertion.nameId?.value).toBe(attack.as);
    }
  });
});

describe.each(Object.entries(SIGNATURE_WRAPPINGS))('%s', (_name, { signed, wrap }) => {
  const attempt = async (): Promise<Attempt> => ({
    message: encodeMessage(
      wrap(await idp.responseXml({ ...answer, sign: signed === 'response' ? 'both' : 'assertion' })),
    ),
  });

  it('is refused before any signature is looked at', async () => {
    const checks = failedChecks(await verify(await attempt()));

    expect(checks.some((check) => check === 'oneAssertion' || check === 'uniqueIds')).toBe(true);
  });

  it('is refused, or ends in the signed name, by the signature check alone', async () => {
    const verification = await verify(await attempt(), { checks: without(['oneAssertion', 'uniqueIds']) });

    const name = verification.kind === 'accepted' ? verification.assertion.nameId?.value : null;
    expect(name).not.toBe(VICTIM);
  });

  it('would make the victim of a careless reader', async () => {
    const believed = await Promise.all(
      (['first', 'last'] as const).map(async (pick) => {
        const walls = {
          checks: without(['oneAssertion', 'uniqueIds', 'assertionSigned', 'destination']),
          library: carelessLibrary(pick),
        };
        const verification = await verify(await attempt(), walls);
        if (verification.kind === 'refused') console.log(_name, pick, verification.findings);
        return verification.kind === 'accepted' ? verification.assertion.nameId?.value : null;
      }),
    );

    expect(believed).toContain(VICTIM);
  });
});

describe.each(Object.entries(DOCTYPES))('%s', (_name, change) => {
  it('is refused before it is parsed', async () => {
    expect(failedChecks(await verify(await changed(change)))).toEqual(['doctype']);
  });
});

describe('document types', () => {
  it('would get in bare without the check', async () => {
    const attempt = await changed((xml) => `<!DOCTYPE samlp:Response>${xml}`);

    expect((await verify(attempt, { checks: without(['doctype']) })).kind).toBe('accepted');
  });

  it.each(['an external entity (XXE)', 'an entity bomb', 'an internal entity'])(
    'with %s do not get past the parser either',
    async (name) => {
      const attempt = await changed(DOCTYPES[name]!);

      expect(failedChecks(await verify(attempt, { checks: without(['doctype']) }))).toEqual(['xml']);
    },
  );
});

describe('documents that are not one response', () => {
  it('with a second root are refused', async () => {
    expect(failedChecks(await verify(await changed(secondRoot)))).toEqual(['xml']);
  });

  it('too deep are refused without exhausting the stack, and only by that check', async () => {
    const message = encodeMessage(nested(30_000));

    expect(failedChecks(await verify({ message }))).toContain('shape');
    expect(failedChecks(await verify({ message: encodeMessage(nested(10)) }))).not.toContain('shape');
  });

  it('too large are refused, and only because of their size', async () => {
    const padded = (bytes: number) =>
      changed((xml) => xml.replace('Version="2.0"', `Version="2.0"${' '.repeat(bytes)}`));

    expect(failedChecks(await verify(await padded(300_000)))).toEqual(['size']);
    expect((await verify(await padded(100_000))).kind).toBe('accepted');
  });

  it.each([
    ['nothing', undefined],
    ['an empty field', ''],
    ['several fields', ['a', 'b']],
    ['text that is not base64', '<samlp:Response/>'],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe, 0x3c]).toString('base64')],
  ])('as %s are refused', async (_name, message) => {
    expect(failedChecks(await verify({ message: message as string }))).toEqual(['encoding']);
  });

  it('of another kind are refused', async () => {
    const request =
      '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0"/>';

    expect(failedChecks(await verify({ message: encodeMessage(request) }))).toContain('shape');
  });
});

describe('RelayState', () => {
  const unsolicited = makeParty(idp, keys, { settings: { idpInitiated: true } });

  it.each([
    'https://evil.example.test/',
    '//evil.example.test/',
    '/\\evil.example.test/',
    '\\\\evil.example.test',
    '/%0d%0aSet-Cookie:x=1\r\n',
    'javascript:alert(1)',
    'https://patchbay.example.test.evil.test/',
    'https://patchbay.example.test@evil.test/',
    '/a/../\t//evil.example.test',
    '/./\u2028/evil',
    '/.//evil.example.test',
    `/${'a'.repeat(2000)}`,
  ])('%j is refused, and would be followed without the check', async (relayState) => {
    const { message } = await respond({ inResponseTo: null });
    const attempt = { message, relayState, party: unsolicited };

    expect(failedChecks(await verify(attempt))).toEqual(['relayState']);
    expect((await verify(attempt, { checks: without(['relayState']) })).kind).toBe('accepted');
  });

  it.each(['/', '/people?tab=2', 'https://patchbay.example.test/accounts#a', ''])(
    '%j is allowed',
    async (relayState) => {
      const { message } = await respond({ inResponseTo: null });

      expect((await verify({ message, relayState, party: unsolicited })).kind).toBe('accepted');
    },
  );
});
