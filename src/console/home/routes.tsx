import { listMatters, type ExpiringCertificate } from '../../administration/attention.js';
import type { OverviewView } from '../../administration/overview.js';
import type { Pages } from '../kit/pages.js';
import { page } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { HomePage } from './home.js';

export interface HomeDeps {
  readonly overview: OverviewView;
  /** Certificates of identity providers that run out soon. */
  readonly certificateWarnings: (tenantId: string, now: Date) => Promise<readonly ExpiringCertificate[]>;
}

export function addHome(pages: Pages, deps: HomeDeps): void {
  pages.get('/', 'read', async (context) => {
    const { session, now } = context;
    const [overview, certificates] = await Promise.all([
      deps.overview.read(session.tenantId, now),
      deps.certificateWarnings(session.tenantId, now),
    ]);
    return page(
      'Overview',
      <HomePage
        context={context}
        overview={overview}
        matters={listMatters(overview, certificates, now)}
        certificates={certificates}
        now={now}
      />,
    );
  });
}
