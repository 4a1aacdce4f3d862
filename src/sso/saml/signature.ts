import { certificateInfo, usableCertificates } from './certificates.js';
import type { SamlParty } from './check.js';
import { readAssertion, type AssertionFacts } from './facts.js';
import { shown, type Finding } from './finding.js';
import type { SamlLibrary } from './library.js';
import { parseXml } from './xml.js';

export type SignedAssertion = { readonly assertion: AssertionFacts } | { readonly finding: Finding };

/**
 * Has the library verify a message and reads what was signed. When it refuses, finds out why: no signature that any
 * known certificate made, one made with a certificate that is not valid now, or something the library alone looks at.
 */
export async function readSignedAssertion(
  library: SamlLibrary,
  party: SamlParty,
  xml: string,
  now: Date,
): Promise<SignedAssertion> {
  const message = Buffer.from(xml, 'utf8').toString('base64');
  try {
    const assertionXml = await library.verifiedAssertion(party, message, now);
    return { assertion: readAssertion(parseXml(assertionXml).root) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    if (!SIGNATURE_PROBLEM.test(reason)) return { finding: libraryFinding(reason) };
    return { finding: (await certificateFinding(library, party, message, now)) ?? signatureFinding(party) };
  }
}

/** The wording of node-saml 5.1 for everything that is wrong with a signature. */
const SIGNATURE_PROBLEM = /signature/i;

function libraryFinding(reason: string): Finding {
  return { check: 'library', arrived: shown(reason), expected: 'a response as SAML 2.0 describes it' };
}

function signatureFinding({ idp }: SamlParty): Finding {
  const known = idp.certificates.map((pem) => certificateInfo(pem).fingerprint.slice(0, 23)).join(', ');
  return {
    check: 'signature',
    arrived: 'a signature that none of the known certificates made, or a message changed after it was signed',
    expected: shown(`a signature by ${known || 'a known certificate'}`),
  };
}

/** Whether a certificate that is known but not valid at `now` made the signature. */
async function certificateFinding(
  library: SamlLibrary,
  party: SamlParty,
  message: string,
  now: Date,
): Promise<Finding | null> {
  const usable = usableCertificates(party.idp.certificates, now);
  for (const pem of party.idp.certificates.filter((certificate) => !usable.includes(certificate))) {
    const { notBefore, notAfter } = certificateInfo(pem);
    const alone = { ...party, idp: { ...party.idp, certificates: [pem] } };
    // The moment decides only which certificates count: with one inside its validity, just the signature is left.
    const isSigner = await isSignedBy(library, alone, message, notAfter);
    if (!isSigner) continue;
    const period = `valid from ${notBefore.toISOString()} to ${notAfter.toISOString()}`;
    return {
      check: 'certificate',
      arrived: `a signature by a certificate ${period}`,
      expected: `a certificate valid now, ${now.toISOString()}`,
    };
  }
  return null;
}

async function isSignedBy(
  library: SamlLibrary,
  party: SamlParty,
  message: string,
  at: Date,
): Promise<boolean> {
  try {
    await library.verifiedAssertion(party, message, at);
    return true;
  } catch (error) {
    return error instanceof Error && !SIGNATURE_PROBLEM.test(error.message);
  }
}
