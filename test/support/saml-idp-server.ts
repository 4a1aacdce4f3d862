import { inflateRawSync } from 'node:zlib';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen } from '../../src/http/server.js';
import { escape, makeTestIdp, type TestIdp } from './idp.js';
import { samlifyRequestId, samlifyResponse } from './samlify-idp.js';

export interface IdpPerson {
  readonly nameId: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** A SAML identity provider with pages: its own metadata, a sign-in page, signed answers (samlify). */
export interface SamlIdpServer {
  readonly idp: TestIdp;
  readonly metadataUrl: string;
  /** Who is at the browser from now on. */
  setPerson(person: IdpPerson): void;
  stop(): Promise<void>;
}

/** On `localhost`, which is another site than 127.0.0.1 to a browser, as a real one would be. */
export async function startSamlIdp(person: IdpPerson): Promise<SamlIdpServer> {
  let current = person;
  let idp: TestIdp | null = null;
  const server = await listen(
    (request, response) => {
      answer(idp!, current, request, response).catch((error: unknown) => {
        response.statusCode = 500;
        response.end(String(error));
      });
    },
    '127.0.0.1',
    0,
  );
  const base = `http://localhost:${String(server.port)}`;
  idp = makeTestIdp({ entityId: `${base}/metadata`, ssoUrl: `${base}/sso`, sloUrl: `${base}/slo` });
  return {
    idp,
    metadataUrl: `${base}/metadata`,
    setPerson: (next) => {
      current = next;
    },
    stop: () => server.stop(100),
  };
}

/** What the identity provider's page would post to us. */
export async function answerOf(url: string): Promise<{ readonly action: string; readonly message: string }> {
  const page = await (await fetch(url)).text();
  const action = /action="([^"]+)"/.exec(page)?.[1] ?? '';
  return {
    action: new URL(action).pathname,
    message: /name="SAMLResponse" value="([^"]+)"/.exec(page)?.[1] ?? '',
  };
}

async function answer(
  idp: TestIdp,
  person: IdpPerson,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '', rawQuery = ''] = (request.url ?? '').split('?', 2);
  if (path === '/metadata') {
    response.setHeader('content-type', 'application/samlmetadata+xml').end(idp.metadata());
  } else if (path === '/sso') {
    response.setHeader('content-type', 'text/html').end(await signInPage(idp, person, rawQuery));
  } else {
    response.statusCode = 404;
    response.end();
  }
}

/** Finds the application by the issuer of the request, reads its metadata, and has the answer ready behind a button. */
async function signInPage(idp: TestIdp, person: IdpPerson, rawQuery: string): Promise<string> {
  const parameters = new URLSearchParams(rawQuery);
  const entityId = issuerOf(parameters.get('SAMLRequest') ?? '');
  const metadata = await (await fetch(entityId)).text();
  const requestId = await samlifyRequestId(idp, metadata, rawQuery);
  const acsUrl = /AssertionConsumerService[^>]*Location="([^"]+)"/.exec(metadata)?.[1] ?? '';
  const sp = { entityId, acsUrl, sloUrl: '', loginUrl: '', metadataUrl: entityId };
  const message = await samlifyResponse(idp, { sp }, { requestId, ...person });
  const relayState = parameters.get('RelayState') ?? '';
  return (
    '<!doctype html><html lang="en"><title>Identity provider</title><h1>Identity provider</h1>' +
    `<form method="post" action="${escape(acsUrl)}"><input type="hidden" name="SAMLResponse" value="${message}">` +
    `<input type="hidden" name="RelayState" value="${escape(relayState)}">` +
    `<button>Sign in as ${escape(person.nameId)}</button></form></html>`
  );
}

function issuerOf(samlRequest: string): string {
  const xml = inflateRawSync(Buffer.from(samlRequest, 'base64')).toString('utf8');
  return /Issuer[^>]*>([^<]+)</.exec(xml)?.[1] ?? '';
}
