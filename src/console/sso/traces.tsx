import type { Trace } from '../../sso/trace.js';
import type { PageContext } from '../kit/context.js';
import { Ago } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead } from '../parts/blocks.js';
import { TraceView } from '../parts/trace-view.js';
import { paths } from '../paths.js';

const BACK = { href: paths.connections(), label: 'SSO and SCIM' } as const;

/** Every refused sign-in and every test, found by the code that the person was shown. */
export function TracesPage({
  context,
  traces,
  code,
}: {
  readonly context: PageContext;
  readonly traces: readonly Trace[];
  readonly code: string;
}): Markup {
  return (
    <div>
      <PageHead
        title="Refused sign-ins"
        lead="Somebody cannot get in? Ask for the code on their page, such as amber-fox-42. It says why, and what to change."
        crumbs={BACK}
      />
      <Card>
        <form method="get" action={paths.sso('/traces')} class="toolbar">
          <div class="field search">
            <label for="code">Code</label>
            <input
              id="code"
              name="code"
              value={code}
              placeholder="amber-fox-42"
              autocomplete="off"
              spellcheck="false"
            />
          </div>
          <button class="button" type="submit">
            Find
          </button>
        </form>
        {traces.length === 0 ? (
          <Empty title="Nothing was refused">
            <p>Refused sign-ins and tests stand here for 30 days.</p>
          </Empty>
        ) : (
          <TraceRows traces={traces} now={context.now} />
        )}
      </Card>
    </div>
  );
}

export function TraceRows({
  traces,
  now,
}: {
  readonly traces: readonly Trace[];
  readonly now: Date;
}): Markup {
  return (
    <ul class="rows">
      {traces.map((trace) => (
        <li>
          <div class="grow">
            <p>
              <a class="cover" href={paths.sso(`/traces/${encodeURIComponent(trace.friendlyId)}`)}>
                {trace.friendlyId}
              </a>
            </p>
            <p class="quiet small">
              {trace.findings[0]?.title ?? 'Everything in order'} · {trace.connectionName} ·{' '}
              <Ago at={trace.at} now={now} />
            </p>
          </div>
          <span class="end">
            <Badge>{trace.purpose === 'login' ? 'sign-in' : trace.purpose}</Badge>
            <Badge tone={trace.outcome === 'passed' ? 'good' : 'bad'}>{trace.outcome}</Badge>
          </span>
        </li>
      ))}
    </ul>
  );
}

export function TracePage({ trace, now }: { readonly trace: Trace; readonly now: Date }): Markup {
  return (
    <div>
      <PageHead
        title={trace.friendlyId}
        lead={
          <span>
            {trace.connectionName} · <Ago at={trace.at} now={now} />
          </span>
        }
        crumbs={{ href: paths.sso('/traces'), label: 'Refused sign-ins' }}
      />
      <TraceView trace={trace} />
    </div>
  );
}
