import type { SetupLinkView } from '../../sso/setup-links.js';
import { SETUP_STEPS } from '../../sso/setup-ports.js';
import { formatDistance } from '../kit/format.js';
import { icons, Mark } from '../layout/icons.js';
import { h, type Markup } from '../markup/markup.js';
import { Card } from '../parts/blocks.js';
import { setupPaths } from './paths.js';

/**
 * What a setup link shows first. Only the button opens it: mail scanners follow links, and must not use up its openings.
 */
export function StartPage({
  link,
  tenantName,
  token,
  signedInAs,
  now,
}: {
  readonly link: SetupLinkView;
  readonly tenantName: string;
  readonly token: string;
  /** Whose session in this browser ends; null: nobody's. */
  readonly signedInAs: string | null;
  readonly now: Date;
}): Markup {
  const { done } = link.progress;
  const isResumed = done.length > 0;
  return (
    <Card>
      <div class="panel">
        <div class="row">
          <Mark />
          <h1>Connect {tenantName} to Patchbay</h1>
        </div>
        <p>
          In about 20 minutes your colleagues sign in with your identity provider, and joiners, movers and
          leavers reach your phone system by themselves.
        </p>
        <ul class="plain-list stack-s">
          <li>
            <icons.check />
            <span>You need admin rights at your identity provider.</span>
          </li>
          <li>
            <icons.check />
            <span>Every step is saved: stop and come back with this link.</span>
          </li>
          <li>
            <icons.check />
            <span>Nothing is switched on before the last step.</span>
          </li>
        </ul>
        {signedInAs === null ? null : (
          <p class="notice warn small">You are signed in here as {signedInAs}. Starting signs you out.</p>
        )}
        <form method="post" action={setupPaths.link(token)}>
          <button class="button" type="submit">
            {isResumed
              ? `Go on (${String(done.length)} of ${String(SETUP_STEPS.length)} steps done)`
              : 'Start'}
          </button>
        </form>
        <p class="quiet small">
          {link.label}. The link expires {formatDistance(link.expiresAt, now)} and can be opened{' '}
          {String(link.maxOpens - link.openedCount)} more times.
        </p>
      </div>
    </Card>
  );
}
