import { readFileSync } from 'node:fs';
import type { SamlParty } from '../../src/sso/saml/check.js';
import type { SamlLibrary } from '../../src/sso/saml/library.js';
import { parseXml, type ParseXml } from '../../src/sso/saml/xml.js';
import { first, hasSoundSignature, parse, SAML } from './xml-tools.js';

/** A way of reading XML that some attack lives from, in both places where a response is read. */
export interface CarelessReader {
  readonly parse: ParseXml;
  verifiedAssertion: SamlLibrary['verifiedAssertion'];
}

/** Obeys document types: puts in what entities stand for, and opens the files that they name. */
export const expandingReader: CarelessReader = {
  parse: (xml) => parseXml(expandEntities(xml)),
  verifiedAssertion: (_party, message) =>
    Promise.resolve(first(parse(expandEntities(decode(message))), SAML, 'Assertion').toString()),
};

/** Reads on after the end of the document and believes what comes last, because the first part is well signed. */
export const lastRootReader: CarelessReader = {
  parse: (xml) => parseXml(rootsOf(xml).at(-1) ?? ''),
  verifiedAssertion({ idp }: SamlParty, message) {
    const roots = rootsOf(decode(message));
    if (!roots.some((root) => hasSoundSignature(root, idp.certificates)))
      throw new Error('Invalid signature');
    return Promise.resolve(first(parse(roots.at(-1) ?? ''), SAML, 'Assertion').toString());
  },
};

function decode(message: string): string {
  return Buffer.from(message, 'base64').toString('utf8');
}

function rootsOf(xml: string): readonly string[] {
  return xml.split(/(?<=<\/samlp:Response>)/).filter((root) => root.trim() !== '');
}

function expandEntities(xml: string): string {
  const values = new Map<string, string>();
  for (const [, name = '', system, value = ''] of xml.matchAll(/<!ENTITY (\w+) (SYSTEM )?"([^"]*)">/g)) {
    values.set(name, system === undefined ? value : readFileSync(new URL(value), 'utf8'));
  }
  const expand = (text: string): string =>
    text.replaceAll(/&(\w+);/g, (whole, name: string) => {
      const value = values.get(name);
      return value === undefined ? whole : expand(value);
    });
  return expand(xml.replace(/<!DOCTYPE[^[>]*(?:\[.*?\])?>/is, ''));
}
