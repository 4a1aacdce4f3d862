import { describe, expect, it } from 'vitest';
import type { SamlLibrary } from '../../../src/sso/saml/library.js';
import type { SamlChecks } from '../../../src/sso/saml/check.js';
import type { CheckName } from '../../../src/sso/saml/finding.js';
import type { ParseXml } from '../../../src/sso/saml/xml.js';
import {
  ALL_CHECKS,
  makeResponseVerifier,
  type Verification,
} from '../../../src/sso/saml/verify-response.js';
import { encodeMessage } from '../../support/idp.js';
import {
  DOCTYPES,
  HOSTILE_RELAY_STATES,
  nested,
  SIGNATURE_WRAPPINGS,
  VICTIM,
} from '../../support/saml-attacks.js';
import { carelessLibrary, library, makeAttackWorld, type Attempt } from '../../support/saml-attack-table.js';
import { makeOpenKeys, makeParty } from '../../support/saml-party.js';

const keys = makeOpenKeys();
const { idp, party, attacks, documentAttacks, respond, changed } = makeAttackWorld(keys);

function without(names: readonly CheckName[], parse: ParseXml = ALL_CHECKS.parse): SamlChecks {
  const keep = (check: { readonly name: CheckName }) => !names.includes(check.name);
  return {
    parse,
    text: ALL_CHECKS.text.filter(keep),
    document: ALL_CHECKS.document.filter(keep),
    response: ALL_CHECKS.response.filter(keep),
    assertion: ALL_CHECKS.assertion.filter(keep),
  };
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

describe.each(attacks)('$name', (attack) => {
  it('is refused, for a reason that an admin can act on', async () => {
    const verification = await verify(await attack.attempt());

    expect(failedChecks(verification)).toContain(attack.refusedBy);
  });

  it('would get in without the walls that refuse it', async () => {
    const verification = await verify(await attack.attempt(), {
      checks: without(attack.without, attack.parse),
      library: attack.library ?? library,
    });

    expect(failedChecks(verification)).toEqual([]);
    expect(verification.kind).toBe('accepted');
    if (verification.kind === 'accepted' && attack.as !== undefined) {
      expect(verification.assertion.nameId?.value).toBe(attack.as);
    }
  });
});

describe.each(documentAttacks)('$name', ({ attempt, refusedBy }) => {
  it('is refused, for a reason that an admin can act on', async () => {
    const checks = failedChecks(await verify(await attempt()));

    expect(checks.length).toBeGreaterThan(0);
    expect(refusedBy).toEqual(expect.arrayContaining([...new Set(checks)]));
  });
});

describe.each(Object.entries(SIGNATURE_WRAPPINGS))('%s', (_name, { signed, wrap }) => {
  const attempt = () => changed(wrap, { sign: signed === 'response' ? 'both' : 'assertion' });

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
        return verification.kind === 'accepted' ? verification.assertion.nameId?.value : null;
      }),
    );

    expect(believed).toContain(VICTIM);
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

  it.each(HOSTILE_RELAY_STATES)(
    '%j is refused, and would be followed without the check',
    async (relayState) => {
      const { message } = await respond({ inResponseTo: null });
      const attempt = { message, relayState, party: unsolicited };

      expect(failedChecks(await verify(attempt))).toEqual(['relayState']);
      expect((await verify(attempt, { checks: without(['relayState']) })).kind).toBe('accepted');
    },
  );

  it.each(['/', '/people?tab=2', 'https://patchbay.example.test/accounts#a', ''])(
    '%j is allowed',
    async (relayState) => {
      const { message } = await respond({ inResponseTo: null });

      expect((await verify({ message, relayState, party: unsolicited })).kind).toBe('accepted');
    },
  );
});
