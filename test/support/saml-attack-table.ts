import { readFileSync } from 'node:fs';
import { makeSamlLibrary, samlOptions, type SamlLibrary } from '../../src/sso/saml/library.js';
import type { OpenKeys, SamlParty } from '../../src/sso/saml/check.js';
import type { CheckName } from '../../src/sso/saml/finding.js';
import type { ParseXml } from '../../src/sso/saml/xml.js';
import {
  certify,
  encodeMessage,
  makeSigningKey,
  makeTestIdp,
  type ResponseOptions,
  type TestIdp,
} from './idp.js';
import { expandingReader, lastRootReader, type CarelessReader } from './careless-parsers.js';
import {
  changedName,
  deepExtensions,
  DOCTYPES,
  HOSTILE_RELAY_STATES,
  NAME_SPLITS,
  READ_FILE,
  secondRoot,
  SIGNATURE_WRAPPINGS,
  twoAssertions,
  VICTIM,
} from './saml-attacks.js';
import { makeParty } from './saml-party.js';
import { all, first, hasSoundSignature, parse, SAML } from './xml-tools.js';

/** The id of the request that every attack pretends to answer. */
export const REQUEST = '_request1';
const DAY_MS = 86_400_000;

export interface Attempt {
  readonly message: string;
  readonly relayState?: string;
  readonly party?: SamlParty;
}

/** Refused for the expected reason with every wall up; let in once the named walls are taken down. */
export interface Attack {
  readonly name: string;
  readonly attempt: () => Promise<Attempt>;
  /** The finding an admin sees. */
  readonly refusedBy: CheckName;
  /** Our checks that stand in the way. */
  readonly without: readonly CheckName[];
  /** Stands in for the library where its own wall must be down too. */
  readonly library?: SamlLibrary;
  /** Stands in for the parser, likewise. */
  readonly parse?: ParseXml;
  /** Who gets in then. */
  readonly as?: string;
}

/** An attack that gets in in a way of its own, which its test shows beside the table. */
export interface DocumentAttack {
  readonly name: string;
  readonly attempt: () => Promise<Attempt>;
  readonly refusedBy: readonly CheckName[];
}

export const library = makeSamlLibrary({ options: samlOptions });

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
export function carelessLibrary(pick: 'first' | 'last', demandsSignature = true): SamlLibrary {
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

function takenInBy({
  parse: careless,
  verifiedAssertion,
}: CarelessReader): Pick<Attack, 'parse' | 'library'> {
  return { parse: careless, library: { ...library, verifiedAssertion } };
}

/** What a reader that obeys document types makes of the name. */
const EXPANDED: Readonly<Record<string, string>> = {
  'an external entity (XXE)': readFileSync(READ_FILE, 'utf8').trim(),
  'an entity bomb': 'a'.repeat(640),
  'an internal entity': VICTIM,
};

export interface AttackWorld {
  readonly idp: TestIdp;
  readonly party: SamlParty;
  readonly otherTenant: SamlParty;
  readonly attacks: readonly Attack[];
  readonly documentAttacks: readonly DocumentAttack[];
  /** A response that is in order, or changed before it is signed. */
  respond(options?: Partial<ResponseOptions>): Promise<Attempt>;
  /** A response changed after it was signed. */
  changed(change: (xml: string) => string, options?: Partial<ResponseOptions>): Promise<Attempt>;
}

export function makeAttackWorld(keys: OpenKeys): AttackWorld {
  const idp = makeTestIdp();
  const party = makeParty(idp, keys);
  const otherTenant = makeParty(idp, keys, { tenant: 'umbrella' });
  const answer = { sp: party.sp, inResponseTo: REQUEST } satisfies ResponseOptions;
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
  const expiredCertificate = certify(idp.key.privateKey, {
    notBefore: new Date(Date.now() - 800 * DAY_MS),
    notAfter: new Date(Date.now() - DAY_MS),
  });
  const futureCertificate = certify(idp.key.privateKey, { notBefore: new Date(Date.now() + DAY_MS) });

  const messageAttacks: readonly Attack[] = [
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
          shapeAssertion: (xml) =>
            xml.replace(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, ''),
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
      name: 'a response for another connection of the same tenant, from the same IdP',
      attempt: async () => ({
        ...(await respond()),
        party: makeParty(idp, keys, { connection: 'second' }),
      }),
      refusedBy: 'recipient',
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

  const textAttacks: readonly Attack[] = Object.entries(NAME_SPLITS).map(([what, split]) => ({
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

  const parserAttacks: readonly Attack[] = [
    ...Object.entries(DOCTYPES).map(([what, change]) => ({
      name: what,
      attempt: () => changed(change),
      refusedBy: 'doctype' as const,
      // What a bomb leaves behind is too long for a name as well.
      without: ['doctype', 'nameId'] as const,
      ...takenInBy(expandingReader),
      as: EXPANDED[what] ?? 'jane@acme.test',
    })),
    {
      name: 'a second root',
      attempt: () => changed(secondRoot),
      refusedBy: 'xml',
      without: [],
      ...takenInBy(lastRootReader),
      as: VICTIM,
    },
    {
      name: 'elements too deep',
      attempt: () => changed(deepExtensions(100)),
      refusedBy: 'shape',
      without: ['shape'],
    },
    {
      name: 'too many elements',
      attempt: () => changed((xml) => deepExtensions(1)(xml).replace('<a>', `<a>${'<b/>'.repeat(5_000)}`)),
      refusedBy: 'shape',
      without: ['shape'],
    },
  ];

  const documentAttacks: readonly DocumentAttack[] = [
    ...Object.entries(SIGNATURE_WRAPPINGS).map(([name, { signed, wrap }]) => ({
      name,
      attempt: () => changed(wrap, { sign: signed === 'response' ? 'both' : 'assertion' }),
      refusedBy: ['oneAssertion', 'uniqueIds'] as const,
    })),
    ...HOSTILE_RELAY_STATES.map((relayState) => ({
      name: `RelayState ${JSON.stringify(relayState).slice(0, 60)}`,
      attempt: async () => ({
        ...(await respond({ inResponseTo: null })),
        relayState,
        party: makeParty(idp, keys, { settings: { idpInitiated: true } }),
      }),
      refusedBy: ['relayState'] as const,
    })),
  ];
  const attacks = [...messageAttacks, ...textAttacks, ...parserAttacks];
  return { idp, party, otherTenant, attacks, documentAttacks, respond, changed };
}
