import type { Check } from './check.js';
import type { Finding } from './finding.js';

/** Larger than any response with real attributes; a limit on work done for somebody who has not signed in. */
export const MESSAGE_BYTES_MAX = 256 * 1024;

/**
 * Decodes the base64 form field of the HTTP-POST binding (SAML bindings 3.5.4). Strict, so that every later reader
 * sees exactly the same text.
 */
export function decodeMessage(field: unknown): { readonly xml: string } | { readonly finding: Finding } {
  if (typeof field !== 'string' || field === '') {
    return {
      finding: { check: 'encoding', arrived: 'no SAMLResponse field', expected: 'one SAMLResponse field' },
    };
  }
  const compact = field.replace(/[ \t\r\n]/g, '');
  if (compact.length > (MESSAGE_BYTES_MAX / 3) * 4 + 4) return { finding: tooLarge(compact.length) };
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) {
    return { finding: { check: 'encoding', arrived: 'text that is not base64', expected: 'base64' } };
  }
  try {
    return { xml: new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(compact, 'base64')) };
  } catch {
    return { finding: { check: 'encoding', arrived: 'text that is not UTF-8', expected: 'UTF-8' } };
  }
}

function tooLarge(bytes: number): Finding {
  return {
    check: 'size',
    arrived: `${Math.ceil(bytes / 1024)} kB`,
    expected: `at most ${MESSAGE_BYTES_MAX / 1024} kB`,
  };
}

const size: Check<string> = {
  name: 'size',
  run(xml) {
    const bytes = Buffer.byteLength(xml);
    return bytes > MESSAGE_BYTES_MAX ? tooLarge(bytes) : null;
  },
};

/**
 * A document type can define entities: text that grows without bound, or that is read from our own files. SAML needs
 * none, and the only safe moment to refuse is before parsing.
 */
const doctype: Check<string> = {
  name: 'doctype',
  run(xml) {
    if (!/<!(?:DOCTYPE|ENTITY)/i.test(xml)) return null;
    return { check: 'doctype', arrived: 'a document type (<!DOCTYPE or <!ENTITY)', expected: 'none' };
  },
};

export const TEXT_CHECKS: readonly Check<string>[] = [size, doctype];
