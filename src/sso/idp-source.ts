import type { IdpFacts, IdpKind } from './connection.js';
import type { MetadataFetch } from './metadata-fetch.js';
import { idpFromFields, readIdpMetadata } from './saml/idp-metadata.js';

/** Where the IdP's side comes from: an address that is read again every day, the XML itself, or single fields. */
export type IdpSource =
  | { readonly metadataUrl: string }
  | { readonly metadataXml: string }
  | {
      readonly fields: {
        readonly entityId: string;
        readonly ssoUrl: string;
        readonly sloUrl?: string | null;
        readonly certificates: readonly string[];
      };
    };

export interface ReadSource {
  readonly idp: IdpFacts;
  readonly metadataUrl: string | null;
}

/** Throws AppError `invalid` for what cannot be used, `unavailable` when the address does not answer. */
export async function readIdpSource(fetch: MetadataFetch, source: IdpSource): Promise<ReadSource> {
  if ('fields' in source) return { idp: idpFromFields(source.fields), metadataUrl: null };
  if ('metadataXml' in source) return { idp: readIdpMetadata(source.metadataXml), metadataUrl: null };
  const metadataUrl = source.metadataUrl.trim();
  return { idp: readIdpMetadata(await fetch(metadataUrl)), metadataUrl };
}

const MARKS: readonly (readonly [RegExp, IdpKind])[] = [
  [/(?:^|\.)(?:okta|oktapreview|okta-emea)\.com$/, 'okta'],
  [/(?:^|\.)(?:windows\.net|microsoftonline\.(?:com|us)|microsoft\.com)$/, 'entra'],
  [/^accounts\.google\.com$/, 'google'],
  [/(?:^|\.)onelogin\.com$/, 'onelogin'],
  [/(?:^|\.)jumpcloud\.com$/, 'jumpcloud'],
  [/(?:^|\.)(?:pingone|pingidentity)\.(?:com|eu|ca|asia)$/, 'ping'],
];

/** Whose words to use, from the IdP's addresses. Only words depend on it. */
export function guessIdpKind(idp: IdpFacts): IdpKind {
  const url = URL.parse(idp.ssoUrl);
  const host = url?.hostname ?? '';
  const known = MARKS.find(([pattern]) => pattern.test(host));
  if (known !== undefined) return known[1];
  return /\/realms\/[^/]+\/protocol\/saml/.test(url?.pathname ?? '') ? 'keycloak' : 'generic';
}
