import type { Waiting } from '../../administration/overview.js';
import { ASSET_URLS } from '../assets/assets.js';
import { Fragment, h, type Markup } from '../markup/markup.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';
import type { SignedIn } from '../ports.js';
import { icons, Mark } from './icons.js';
import { Navigation } from './navigation.js';

export interface Frame {
  readonly title: string;
  readonly body: Markup;
  /** null: nobody is signed in. */
  readonly session: SignedIn | null;
  readonly waiting: Waiting | null;
  /** Address of the page, to mark it in the navigation. */
  readonly path: string;
  /** What was just done. */
  readonly flash: string | null;
  /** Why nothing was done. */
  readonly problem: string | null;
  readonly signOutPath: string;
  /** Where the browser goes by itself. */
  readonly forwardTo?: string;
  /** Stands where the navigation is, for people on a guided way who are not signed in. */
  readonly guide?: Markup;
}

// htmx must not evaluate code or add a style element of its own: the content security policy forbids both.
const HTMX_CONFIG = JSON.stringify({ includeIndicatorCSS: false, history: 'reload' });

/** A whole HTML document. */
export function renderDocument(frame: Frame): string {
  return `<!doctype html>${String(<Document {...frame} />)}`;
}

function Document(frame: Frame): Markup {
  const { session, title, forwardTo, guide } = frame;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content={HTMX_CONFIG} />
        {forwardTo === undefined ? null : <meta http-equiv="refresh" content={`0;url=${forwardTo}`} />}
        <title>{title} · Patchbay</title>
        <link rel="stylesheet" href={ASSET_URLS.stylesheet} />
        <link rel="icon" href={ASSET_URLS.icon} type="image/svg+xml" />
        <script src={ASSET_URLS.htmx} defer></script>
        <script src={ASSET_URLS.script} defer></script>
      </head>
      <body class={guide !== undefined ? 'guided' : session === null ? 'bare' : 'framed'}>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        {session === null ? guide : <Sidebar {...frame} session={session} />}
        <main id="main" tabindex="-1">
          <Messages {...frame} />
          {frame.body}
        </main>
      </body>
    </html>
  );
}

function Messages({ flash, problem }: Frame): Markup {
  return (
    <Fragment>
      {flash === null ? null : (
        <p class="message good" role="status">
          <icons.check />
          {flash}
        </p>
      )}
      {problem === null ? null : (
        <p class="message bad pre" role="alert">
          <icons.alert />
          {problem}
        </p>
      )}
    </Fragment>
  );
}

function Sidebar({ session, waiting, path, signOutPath }: Frame & { readonly session: SignedIn }): Markup {
  return (
    <header class="sidebar">
      <a class="brand" href={paths.home()}>
        <Mark />
        <span>Patchbay</span>
      </a>
      <button class="menu-button" type="button" popovertarget="menu">
        <icons.menu />
        Menu
      </button>
      <div id="menu" class="menu" popover>
        <Navigation session={session} waiting={waiting} path={path} />
        <div class="who">
          <p class="who-name">
            <a class="cover" href={paths.me()}>
              {session.displayName}
            </a>
          </p>
          <p class="quiet small">
            {session.role} · {session.tenantSlug}
          </p>
          <PostForm action={signOutPath} session={session}>
            <button class="link" type="submit">
              Sign out
            </button>
          </PostForm>
        </div>
      </div>
    </header>
  );
}
