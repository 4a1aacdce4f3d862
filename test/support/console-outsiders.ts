import { randomUUID } from 'node:crypto';
import { buildDestinations } from '../../src/app/report-delivery.js';
import { idpSettingsSchema } from '../../src/report/missed-pushes/source.js';
import { makeIdpSourceStore } from '../../src/store/report/idp-sources.js';
import type { Story } from './console-story.js';
import type { ConsoleWorld } from './console-world.js';

const ACTOR = 'test';

/** An identity provider that is compared with, stored without a try, and somebody who gets reports. Once each. */
export async function addOutsidersTo(
  { services }: ConsoleWorld,
  { tenantId }: Story,
): Promise<{ readonly idp: string; readonly destination: string }> {
  const sources = makeIdpSourceStore(services.database);
  const destinations = buildDestinations(services);
  const [idp] = await sources.list(tenantId);
  const [known] = await destinations.list(tenantId);
  if (idp !== undefined && known !== undefined) return { idp: idp.id, destination: known.id };
  const id = randomUUID();
  await sources.insert(
    {
      tenantId,
      id,
      name: 'okta',
      kind: 'okta',
      config: {
        baseUrl: 'https://acme.okta.example',
        appId: '0oa1',
        readGroups: true,
        suspendedIsActive: false,
      },
      secrets: 'unreadable',
      settings: idpSettingsSchema.parse({}),
      pausedReason: null,
      comparedAt: null,
      createdAt: services.clock.now(),
    },
    { at: services.clock.now(), actor: ACTOR, action: 'idp.connected', data: { name: 'okta', kind: 'okta' } },
  );
  const { destination } = await destinations.create({
    tenantId,
    name: 'weekly',
    kind: 'email',
    targets: ['it@acme.example'],
    cron: '0 7 * * 1',
    timeZone: 'Europe/Paris',
    quietWhenUnchanged: true,
    actor: ACTOR,
  });
  return { idp: id, destination: destination.id };
}
