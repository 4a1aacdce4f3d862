import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import { isUuid } from '../../lib/ids.js';
import type { DestinationAction, Destinations } from '../../report/delivery/destinations.js';
import { DESTINATION_KINDS } from '../../report/delivery/ports.js';
import { param, type PageContext } from '../kit/context.js';
import type { FlashKey } from '../kit/flash.js';
import { readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { DestinationsPage, WebhookSecretPage } from './destinations.js';

export interface ReportDestinationsDeps {
  readonly reportDestinations: Destinations;
  /** Makes a report for the destination now, news or not; a worker sends it. */
  readonly sendReport: (action: DestinationAction) => Promise<void>;
  readonly hasMailServer: boolean;
}

const newDestination = z.object({
  name: z.string(),
  kind: z.enum(DESTINATION_KINDS),
  targets: z.string().max(10_000).default(''),
  cron: z.string().trim(),
  timeZone: z.string().trim(),
  always: z.literal('yes').optional(),
});

/** Who gets reports: before the pages of single reports, whose addresses would swallow these. */
export function addReportDestinations(pages: Pages, deps: ReportDestinationsDeps): void {
  const { reportDestinations } = deps;
  const show = (context: PageContext) => showDestinations(deps, context);
  pages.get('/reports/destinations', 'read', show);
  pages.post('/reports/destinations', 'notifications:write', (context) => create(deps, context), show);
  const act = (verb: string, flash: FlashKey, run: (action: DestinationAction) => Promise<void>): void =>
    pages.post(`/reports/destinations/:destination/${verb}`, 'notifications:write', async (context) => {
      await run(actionOf(context));
      return redirect(paths.reportDestinations(), flash);
    });
  act('pause', 'destination-paused', (action) => reportDestinations.setActive(action, false));
  act('resume', 'destination-resumed', (action) => reportDestinations.setActive(action, true));
  act('remove', 'destination-removed', (action) => reportDestinations.remove(action));
  act('send', 'destination-sent', (action) => deps.sendReport(action));
}

function actionOf(context: PageContext): DestinationAction {
  const destinationId = param(context, 'destination');
  if (!isUuid(destinationId)) throw new AppError('notFound', 'There is no such destination.');
  return { tenantId: context.session.tenantId, destinationId, actor: context.actor };
}

async function showDestinations(deps: ReportDestinationsDeps, context: PageContext): Promise<Result> {
  const { tenantId } = context.session;
  const { reportDestinations, hasMailServer } = deps;
  const [destinations, deliveries] = await Promise.all([
    reportDestinations.list(tenantId),
    reportDestinations.deliveries(tenantId),
  ]);
  return page(
    'Who gets reports',
    <DestinationsPage {...{ context, destinations, deliveries, hasMailServer }} />,
  );
}

async function create({ reportDestinations }: ReportDestinationsDeps, context: PageContext): Promise<Result> {
  const { targets, always, ...wish } = readForm(context.request, newDestination);
  const { destination, secret } = await reportDestinations.create({
    ...wish,
    tenantId: context.session.tenantId,
    targets: targets.split(/[\s,;]+/).filter((target) => target !== ''),
    quietWhenUnchanged: always !== 'yes',
    actor: context.actor,
  });
  if (secret === null) return redirect(paths.reportDestinations(), 'destination-added');
  return page(
    `“${destination.name}” gets reports`,
    <WebhookSecretPage name={destination.name} secret={secret} />,
  );
}
