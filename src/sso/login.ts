import { beginLogin, type BeginLogin, type BegunLogin } from './begin-login.js';
import type { LoginDeps } from './login-deps.js';
import { receiveResponse, type ReceivedResponse, type ReceiveResult } from './receive-response.js';
import type { Trace } from './trace.js';

export type CompleteResult =
  | { readonly kind: 'signedIn'; readonly token: string; readonly returnTo: string }
  /** The ticket is spent, too old, or never existed: start again. */
  | { readonly kind: 'startAgain' }
  | { readonly kind: 'refused'; readonly trace: Trace };

export interface Login {
  begin(input: BeginLogin): Promise<BegunLogin>;
  receive(input: ReceivedResponse): Promise<ReceiveResult>;
  /**
   * Turns a ticket into a session, in the browser that began. Reached by a redirect from the ACS, because a cookie that
   * is not sent along with another site's form (SameSite=Lax) is sent with the redirect.
   */
  complete(input: {
    readonly ticket: string;
    readonly browser: string | null;
    readonly previous: string | null;
  }): Promise<CompleteResult>;
}

/** Signing in over SAML: to the IdP, back with its answer, into a session. */
export function makeLogin(deps: LoginDeps): Login {
  return {
    begin: (input) => beginLogin(deps, input),
    receive: (input) => receiveResponse(deps, input),
    async complete(input) {
      const { result, token } = await deps.sessions.activate(input);
      if (result.kind === 'activated') return { kind: 'signedIn', token, returnTo: result.returnTo };
      if (result.kind === 'unknown' || result.connectionId === null) return { kind: 'startAgain' };
      const trace = await otherBrowserTrace(deps, result.tenantId, result.connectionId);
      return trace === null ? { kind: 'startAgain' } : { kind: 'refused', trace };
    },
  };
}

async function otherBrowserTrace(
  deps: LoginDeps,
  tenantId: string,
  connectionId: string,
): Promise<Trace | null> {
  const connection = await deps.connections.find(tenantId, connectionId);
  if (connection === null) return null;
  return deps.traces.record({
    connection,
    requestId: null,
    purpose: 'login',
    findings: [{ check: 'browser', arrived: 'another browser', expected: 'the browser that began' }],
    arrived: null,
    granted: null,
  });
}
