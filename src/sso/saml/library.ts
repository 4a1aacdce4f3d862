import {
  MultiSamlStrategy,
  ValidateInResponseTo,
  type PassportSamlConfig,
  type Profile,
} from '@node-saml/passport-saml';
import type { OpenKeys, SamlParty } from './check.js';
import { usableCertificates } from './certificates.js';
import type { NameId } from './facts.js';
import type { ServiceProvider, ConnectionSettings } from '../connection.js';

/** Options of the SAML library for one connection, one call. */
export type SamlOptionsOf = (party: SamlParty, now: Date) => Partial<PassportSamlConfig>;

export interface LogoutSubject extends NameId {
  readonly sessionIndex: string | null;
}

/** node-saml through passport-saml's MultiSamlStrategy: every call carries its own connection. */
export interface SamlLibrary {
  /** Address at the IdP to send the browser to, with our request under `requestId`. */
  loginUrl(party: SamlParty, requestId: string, now: Date): Promise<string>;
  /**
   * Verifies a base64 Response and returns the assertion exactly as it was signed.
   * @throws Error with the library's own message.
   */
  verifiedAssertion(party: SamlParty, samlResponse: string, now: Date): Promise<string>;
  /** Address at the IdP that ends the person's session there. The connection must have one. */
  logoutUrl(party: SamlParty, subject: LogoutSubject, now: Date): Promise<string>;
  /**
   * Verifies a LogoutRequest, hands its subject to `end`, and returns the address at the IdP that gets our answer.
   * @throws Error with the library's own message.
   */
  answerLogout(
    party: SamlParty,
    message: LogoutMessage,
    now: Date,
    end: (subject: LogoutSubject) => Promise<void>,
  ): Promise<string>;
  /** Our side as metadata XML. */
  metadata(sp: ServiceProvider, settings: ConnectionSettings, keys: OpenKeys): Promise<string>;
}

/** As it arrived: `query` with its raw text for HTTP-Redirect (the signature covers the raw text), or the form's fields. */
export type LogoutMessage =
  | {
      readonly binding: 'redirect';
      readonly query: Readonly<Record<string, string>>;
      readonly rawQuery: string;
    }
  | { readonly binding: 'post'; readonly body: Readonly<Record<string, string>> };

/** Options with every wall of the library up; what it lacks is in the checks of ours. */
export function samlOptions(party: SamlParty, now: Date): Partial<PassportSamlConfig> {
  const { sp, idp, settings, keys } = party;
  return {
    issuer: sp.entityId,
    callbackUrl: sp.acsUrl,
    audience: sp.entityId,
    entryPoint: idp.ssoUrl,
    logoutUrl: idp.sloUrl ?? idp.ssoUrl,
    idpIssuer: idp.entityId,
    idpCert: [...usableCertificates(idp.certificates, now)],
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: settings.requireSignedResponse,
    acceptedClockSkewMs: settings.clockSkewSeconds * 1000,
    maxAssertionAgeMs: settings.maxAssertionAgeSeconds * 1000,
    // Its cache cannot get and remove in one step; requests are admitted by our own store.
    validateInResponseTo: ValidateInResponseTo.never,
    // Asking for passwords by name locks out people who sign in with something stronger.
    disableRequestedAuthnContext: true,
    identifierFormat: settings.nameIdFormat,
    decryptionPvk: keys.encryptionKey,
    ...signing(keys, settings.signRequests),
  };
}

function signing(keys: OpenKeys, isOn: boolean): Partial<PassportSamlConfig> {
  const algorithms = { signatureAlgorithm: 'sha256', digestAlgorithm: 'sha256' } as const;
  return isOn ? { ...algorithms, privateKey: keys.signingKey } : algorithms;
}

/** passport-saml brings a Request type of its own. */
type StrategyRequest = Parameters<MultiSamlStrategy['authenticate']>[0];

/** What passport-saml reads of a request, plus the options that belong to it. */
interface Exchange {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string>>;
  readonly options: Partial<PassportSamlConfig>;
  readonly onLogout: (subject: LogoutSubject) => Promise<void>;
  user: Record<string, unknown> | null;
  logout(done: () => void): void;
}

type Outcome =
  | { readonly kind: 'success'; readonly assertionXml: string }
  | { readonly kind: 'redirect'; readonly url: string }
  | { readonly kind: 'refused'; readonly error: Error };

export function makeSamlLibrary(deps: { readonly options: SamlOptionsOf }): SamlLibrary {
  const strategy = makeStrategy();
  const perform = async (exchange: Exchange): Promise<Outcome> => authenticate(strategy, exchange);
  return {
    async loginUrl(party, requestId, now) {
      const options = { ...deps.options(party, now), generateUniqueId: () => requestId };
      return redirectOf(await perform(exchangeOf(options)));
    },
    async verifiedAssertion(party, samlResponse, now) {
      const exchange = exchangeOf(deps.options(party, now), { body: { SAMLResponse: samlResponse } });
      const outcome = await perform(exchange);
      if (outcome.kind === 'success') return outcome.assertionXml;
      throw outcome.kind === 'refused' ? outcome.error : new Error('The message is no sign-in response.');
    },
    logoutUrl(party, subject, now) {
      return logoutAddress(strategy, exchangeOf(deps.options(party, now)), subject);
    },
    async answerLogout(party, message, now, onLogout) {
      const parts =
        message.binding === 'post'
          ? { body: message.body }
          : { query: message.query, url: `/?${message.rawQuery}` };
      return redirectOf(await perform(exchangeOf(deps.options(party, now), { ...parts, onLogout })));
    },
    metadata: (sp, settings, keys) => publishMetadata(strategy, sp, settings, keys),
  };
}

function makeStrategy(): MultiSamlStrategy {
  return new MultiSamlStrategy(
    {
      passReqToCallback: true,
      getSamlOptions: (request, done) => done(null, asExchange(request).options),
    },
    (_request, profile, done) => {
      const assertionXml = profile?.getAssertionXml?.();
      if (assertionXml === undefined) done(new Error('The message holds no assertion.'));
      else done(null, { assertionXml });
    },
    (request, profile, done) => void endSessions(asExchange(request), profile, done),
  );
}

async function endSessions(
  exchange: Exchange,
  profile: Profile | null,
  done: (error: Error | null, user?: Record<string, unknown>) => void,
): Promise<void> {
  // passport-saml answers "success" when this is the user it has at hand; sessions here are found by NameID.
  const user = { nameID: profile?.nameID };
  exchange.user = user;
  try {
    await exchange.onLogout(subjectOf(profile));
  } catch (error) {
    done(error as Error);
    return;
  }
  done(null, user);
}

function asExchange(request: StrategyRequest): Exchange {
  return request as unknown as Exchange;
}

function subjectOf(profile: Profile | null): LogoutSubject {
  return {
    value: profile?.nameID ?? '',
    format: profile?.nameIDFormat ?? null,
    nameQualifier: null,
    spNameQualifier: null,
    sessionIndex: profile?.sessionIndex ?? null,
  };
}

function exchangeOf(
  options: Partial<PassportSamlConfig>,
  parts: Partial<Pick<Exchange, 'body' | 'query' | 'url' | 'onLogout'>> = {},
): Exchange {
  return {
    url: '/',
    headers: {},
    query: {},
    body: {},
    onLogout: () => Promise.resolve(),
    ...parts,
    options,
    user: null,
    logout: (done) => done(),
  };
}

/** Runs the strategy as passport does: on an object of its own that carries the outcome actions. */
function authenticate(strategy: MultiSamlStrategy, exchange: Exchange): Promise<Outcome> {
  return new Promise((resolve) => {
    const refuse = (error: Error) => resolve({ kind: 'refused', error });
    const action = Object.assign(Object.create(strategy) as MultiSamlStrategy, {
      success: (user: { assertionXml: string }) => resolve({ kind: 'success', ...user }),
      redirect: (url: string) => resolve({ kind: 'redirect', url }),
      error: refuse,
      fail: () => refuse(new Error('The message was refused.')),
      pass: () => refuse(new Error('The message is no sign-in response.')),
    });
    try {
      action.authenticate(exchange as unknown as StrategyRequest, {});
    } catch (error) {
      refuse(error as Error);
    }
  });
}

function redirectOf(outcome: Outcome): string {
  if (outcome.kind === 'redirect') return outcome.url;
  throw outcome.kind === 'refused' ? outcome.error : new Error('The message is no logout request.');
}

function logoutAddress(
  strategy: MultiSamlStrategy,
  exchange: Exchange,
  { value, format, nameQualifier, spNameQualifier, sessionIndex }: LogoutSubject,
): Promise<string> {
  const user = { nameID: value, nameIDFormat: format, nameQualifier, spNameQualifier, sessionIndex };
  const request = { ...exchange, user };
  return new Promise((resolve, reject) => {
    strategy.logout(request as never, (error, url) => {
      if (error === null && typeof url === 'string') resolve(url);
      else reject(error ?? new Error('The IdP has no address for single logout.'));
    });
  });
}

function publishMetadata(
  strategy: MultiSamlStrategy,
  sp: ServiceProvider,
  settings: ConnectionSettings,
  keys: OpenKeys,
): Promise<string> {
  const options = {
    issuer: sp.entityId,
    callbackUrl: sp.acsUrl,
    logoutCallbackUrl: sp.sloUrl,
    idpCert: [],
    identifierFormat: settings.nameIdFormat,
    wantAssertionsSigned: true,
    decryptionPvk: keys.encryptionKey,
    ...signing(keys, settings.signRequests),
  };
  const request = exchangeOf(options) as unknown as StrategyRequest;
  const signingCertificate = settings.signRequests ? keys.signingCertificate : null;
  return new Promise((resolve, reject) => {
    strategy.generateServiceProviderMetadata(
      request,
      keys.encryptionCertificate,
      signingCertificate,
      (error, metadata) => {
        if (error === null && metadata !== undefined) resolve(metadata);
        else reject(error ?? new Error('No metadata was generated.'));
      },
    );
  });
}
