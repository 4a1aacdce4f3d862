import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseCertificate, usableCertificates } from '../../../src/sso/saml/certificates.js';
import { localPath } from '../../../src/sso/saml/relay-state.js';
import { isAhead, isOver, readInstant } from '../../../src/sso/saml/time.js';
import { descendants, parseXml, XmlSyntaxError } from '../../../src/sso/saml/xml.js';
import { csrfToken, makeSecret, verifyCsrf } from '../../../src/sso/secrets.js';
import { hashPassword, verifyPassword } from '../../../src/sso/password.js';
import { certify, makeSigningKey } from '../../support/idp.js';

describe('times', () => {
  it.each(['2026-03-02T09:00:00Z', '2026-03-02T09:00:00.123456Z', '2026-03-02T10:00:00+01:00'])(
    '%s is one',
    (text) => {
      expect(readInstant(text)?.getTime()).toBeGreaterThanOrEqual(Date.UTC(2026, 2, 2, 9));
    },
  );

  it.each([
    '2026-03-02T09:00:00',
    '2026-03-02',
    'tomorrow',
    '',
    '2026-13-02T09:00:00Z',
    '+002026-03-02T09:00:00Z',
  ])('%j is none', (text) => {
    expect(readInstant(text)).toBeNull();
  });

  it('may differ by the allowed seconds, and not by one more', () => {
    const now = new Date('2026-03-02T09:00:00Z');
    const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);

    expect([isAhead(at(90), now, 90), isAhead(at(91), now, 90)]).toEqual([false, true]);
    expect([isOver(at(-89), now, 90), isOver(at(-90), now, 90)]).toEqual([false, true]);
  });
});

describe('a path to land on', () => {
  const origin = 'https://patchbay.example.test';

  it('never leads a browser to another host', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '%2f',
      '%5c',
      '@',
      ':',
      '?',
      '#',
      'evil.test',
      'http:',
      '\t',
      '\n',
      ' ',
      'a',
      '//',
      origin,
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const path = localPath(pieces.join(''), origin);
        if (path !== null) {
          expect(path.startsWith('/')).toBe(true);
          expect(new URL(path, origin).origin).toBe(origin);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('XML', () => {
  it('is walked completely, in order and without recursion', () => {
    const { root } = parseXml('<a><b><c/></b><d>t</d><e/></a>');
    const seen = [...descendants(root)].map(({ node, depth }) => `${depth}${node.nodeName}`);

    expect(seen).toEqual(['1b', '2c', '1d', '2#text', '1e']);
    expect([...descendants(parseXml('<a/>').root)]).toEqual([]);
  });

  it.each([
    '',
    'x',
    '<a>',
    '<a></b>',
    '<a><a/>',
    '<a/><b/>',
    '<a x=1/>',
    '<a>&nope;</a>',
    '<a b="1" b="2"/>',
  ])('%j is refused', (xml) => {
    expect(() => parseXml(xml)).toThrow(XmlSyntaxError);
  });
});

describe('certificates', () => {
  const key = makeSigningKey();

  it('are read as admins paste them', () => {
    const bare = key.certificate.replace(/-----[^-]+-----/g, '');

    for (const pasted of [
      key.certificate,
      bare,
      bare.replace(/\s/g, ''),
      `  ${key.certificate.replaceAll('\n', '\r\n')}`,
    ]) {
      expect(normaliseCertificate(pasted)).toBe(key.certificate);
    }
  });

  it('of ours are proper X.509, beyond 2050 too', () => {
    const pem = certify(key.privateKey, { commonName: 'Zürich', notAfter: new Date('2060-05-04T03:02:01Z') });
    const certificate = new X509Certificate(pem);

    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toBe('CN=Zürich');
    expect(certificate.validToDate).toEqual(new Date('2060-05-04T03:02:01Z'));
  });

  it('count on their first and last second, not before and after', () => {
    const pem = certify(key.privateKey, {
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2026-02-01T00:00:00Z'),
    });
    const counts = (at: string) => usableCertificates([pem], new Date(at)).length;

    expect(
      ['2025-12-31T23:59:59Z', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', '2026-02-01T00:00:01Z'].map(
        counts,
      ),
    ).toEqual([0, 1, 1, 0]);
  });
});

describe('tokens of forms', () => {
  it('belong to one session', () => {
    const [mine, theirs] = [makeSecret(), makeSecret()];

    expect(verifyCsrf(mine, csrfToken(mine))).toBe(true);
    for (const wrong of [csrfToken(theirs), '', undefined, null, 1, [csrfToken(mine)], mine]) {
      expect(verifyCsrf(mine, wrong)).toBe(false);
    }
    expect(csrfToken(mine)).not.toContain(mine);
  });
});

describe('passwords', () => {
  it('are checked against their hash, whatever the keyboard composed', async () => {
    const stored = await hashPassword('Zürich, fünf Wörter hier');

    expect(await verifyPassword('Zu\u0308rich, fu\u0308nf Wo\u0308rter hier', stored)).toBe(true);
    expect(await verifyPassword('Zurich, funf Worter hier', stored)).toBe(false);
    expect(await hashPassword('Zürich, fünf Wörter hier')).not.toBe(stored);
    await expect(verifyPassword('x', 'plain')).rejects.toMatchObject({ kind: 'bug' });
  });
});
