import type { MetadataInput } from '../../sso/guides/guide.js';
import type { IdpSource } from '../../sso/idp-source.js';
import { h, type Markup } from '../markup/markup.js';

/** Three ways to tell us about an identity provider; the best one stands open, the others one click away. */
export function IdpSourceFields({
  best,
  urlExample,
  sent,
  known,
}: {
  readonly best: MetadataInput;
  readonly urlExample: string;
  readonly sent: Readonly<Record<string, string>>;
  /** The address in use; null: none. */
  readonly known: string | null;
}): Markup {
  const ways = {
    url: <UrlField example={urlExample} sent={sent} known={known} />,
    xml: <XmlField sent={sent} />,
    fields: <SingleFields sent={sent} />,
  };
  const others = (['url', 'xml', 'fields'] as const).filter((way) => way !== best);
  return (
    <div class="stack">
      {ways[best]}
      {others.map((way) => (
        <details open={isFilled(way, sent)}>
          <summary>{WORDS[way]}</summary>
          {ways[way]}
        </details>
      ))}
    </div>
  );
}

const WORDS: Readonly<Record<MetadataInput, string>> = {
  url: 'Give an address instead',
  xml: 'Paste or choose the XML file instead',
  fields: 'Type the single values instead',
};

function isFilled(way: MetadataInput, sent: Readonly<Record<string, string>>): boolean {
  const names = {
    url: ['metadataUrl'],
    xml: ['metadataXml'],
    fields: ['entityId', 'ssoUrl', 'certificates'],
  }[way];
  return names.some((name) => (sent[name] ?? '').trim() !== '');
}

function UrlField({
  example,
  sent,
  known,
}: {
  readonly example: string;
  readonly sent: Readonly<Record<string, string>>;
  readonly known: string | null;
}): Markup {
  return (
    <div class="field">
      <label for="metadataUrl">Metadata address</label>
      <input
        id="metadataUrl"
        name="metadataUrl"
        type="url"
        value={sent['metadataUrl'] ?? known ?? ''}
        placeholder={example}
        autocomplete="off"
        spellcheck="false"
        aria-describedby="metadataUrl-hint"
      />
      <p class="hint" id="metadataUrl-hint">
        It is read again every day, so that new certificates are known before they are used.
      </p>
    </div>
  );
}

function XmlField({ sent }: { readonly sent: Readonly<Record<string, string>> }): Markup {
  return (
    <div class="stack-s">
      <div class="field" data-scripted="yes" hidden>
        <label for="metadataFile">Metadata file</label>
        <input id="metadataFile" type="file" accept=".xml,application/xml,text/xml" data-into="metadataXml" />
      </div>
      <div class="field">
        <label for="metadataXml">Metadata as XML</label>
        <textarea
          id="metadataXml"
          name="metadataXml"
          rows="6"
          class="mono"
          spellcheck="false"
          autocapitalize="off"
        >
          {`\n${sent['metadataXml'] ?? ''}`}
        </textarea>
      </div>
    </div>
  );
}

function SingleFields({ sent }: { readonly sent: Readonly<Record<string, string>> }): Markup {
  return (
    <div class="stack-s">
      <TextField name="entityId" label="Issuer (entity ID) of the identity provider" sent={sent} />
      <TextField name="ssoUrl" label="Sign-in address (SSO URL, HTTP-Redirect)" sent={sent} />
      <TextField name="sloUrl" label="Sign-out address (SLO URL), if there is one" sent={sent} />
      <div class="field">
        <label for="certificates">Signing certificates (BEGIN CERTIFICATE …), one or more</label>
        <textarea id="certificates" name="certificates" rows="6" class="mono" spellcheck="false">
          {`\n${sent['certificates'] ?? ''}`}
        </textarea>
      </div>
    </div>
  );
}

function TextField({
  name,
  label,
  sent,
}: {
  readonly name: string;
  readonly label: string;
  readonly sent: Readonly<Record<string, string>>;
}): Markup {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} name={name} value={sent[name] ?? ''} autocomplete="off" spellcheck="false" />
    </div>
  );
}

/** What was filled in, XML and single values before the address, which may be the known one; null: nothing. */
export function readIdpSourceFields(fields: Readonly<Record<string, string>>): IdpSource | null {
  const text = (name: string) => (fields[name] ?? '').trim();
  if (text('metadataXml') !== '') return { metadataXml: text('metadataXml') };
  if (text('entityId') !== '' || text('ssoUrl') !== '' || text('certificates') !== '') {
    const sloUrl = text('sloUrl') === '' ? null : text('sloUrl');
    return {
      fields: {
        entityId: text('entityId'),
        ssoUrl: text('ssoUrl'),
        sloUrl,
        certificates: splitCertificates(text('certificates')),
      },
    };
  }
  return text('metadataUrl') === '' ? null : { metadataUrl: text('metadataUrl') };
}

/** Several certificates pasted below one another. */
export function splitCertificates(pasted: string): readonly string[] {
  const found = pasted.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g);
  if (found !== null) return found;
  return pasted === '' ? [] : [pasted];
}
