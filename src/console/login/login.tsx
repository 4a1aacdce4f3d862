import { Mark } from '../layout/icons.js';
import { h, type Markup } from '../markup/markup.js';
import { Card } from '../parts/blocks.js';
import { paths } from '../paths.js';

export interface LoginShown {
  /** Where to go afterwards; an address of ours. */
  readonly next: string;
  readonly organisation: string;
  readonly loginName: string;
  /** Sign-in pages of the organisation's identity providers. */
  readonly signInPages: readonly { readonly label: string; readonly url: string }[];
  readonly wasAsked: boolean;
}

/** Sign in: through the identity provider, or past it as the local owner. */
export function LoginPage({ next, organisation, loginName, signInPages, wasAsked }: LoginShown): Markup {
  return (
    <Card>
      <div class="panel">
        <div class="row">
          <Mark />
          <h1>Sign in to Patchbay</h1>
        </div>
        <form method="post" action={paths.findSignIn()} class="stack-s">
          <input type="hidden" name="next" value={next} />
          <div class="field">
            <label for="organisation">Work e-mail or organisation</label>
            <input
              id="organisation"
              name="organisation"
              value={organisation}
              required
              maxlength="254"
              inputmode="email"
              autocomplete="email"
              autocapitalize="off"
              spellcheck="false"
            />
          </div>
          <button class="button" type="submit">
            Continue with single sign-on
          </button>
          {signInPages.map(({ label, url }) => (
            <a class="button plain" href={url}>
              {label}
            </a>
          ))}
          {wasAsked && signInPages.length === 0 ? (
            <p class="notice warn small">
              No single sign-on is known here for this. Check how it is written; an e-mail address works once
              your organisation has proven its domain.
            </p>
          ) : null}
        </form>
        <details open={loginName !== ''}>
          <summary>Sign in as local owner</summary>
          <LocalForm
            next={next}
            organisation={organisation.includes('@') ? '' : organisation}
            loginName={loginName}
          />
        </details>
      </div>
    </Card>
  );
}

/**
 * On to the identity provider. A page of its own, since the content security policy lets no form lead to another site,
 * not even by way of a redirect.
 */
export function ForwardPage({ label, url }: { readonly label: string; readonly url: string }): Markup {
  return (
    <Card>
      <div class="panel">
        <div class="row">
          <Mark />
          <h1>On to {label}</h1>
        </div>
        <p>You sign in there and come back by yourself.</p>
        <p>
          <a class="button" href={url}>
            Go there now
          </a>
        </p>
      </div>
    </Card>
  );
}

function LocalForm({
  next,
  organisation,
  loginName,
}: Pick<LoginShown, 'next' | 'organisation' | 'loginName'>): Markup {
  return (
    <form method="post" action={paths.login()} class="stack-s">
      <p class="quiet small">
        The way in when the identity provider is broken. Every use is told to the owners.
      </p>
      <input type="hidden" name="next" value={next} />
      <div class="field">
        <label for="local-organisation">Organisation</label>
        <input
          id="local-organisation"
          name="organisation"
          value={organisation}
          required
          autocomplete="organization"
          autocapitalize="off"
        />
      </div>
      <div class="field">
        <label for="name">Name</label>
        <input
          id="name"
          name="loginName"
          value={loginName}
          required
          autocomplete="username"
          autocapitalize="off"
        />
      </div>
      <div class="field">
        <label for="password">Password</label>
        <input id="password" name="password" type="password" required autocomplete="current-password" />
      </div>
      <div class="field">
        <label for="code">Code of the authenticator, or a recovery code</label>
        <input id="code" name="code" required autocomplete="one-time-code" />
      </div>
      <button class="button plain" type="submit">
        Sign in as local owner
      </button>
    </form>
  );
}
