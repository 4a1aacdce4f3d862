import { organisationSettingsSchema, type Organisations } from '../../tenancy/organisation.js';
import type { PageContext } from '../kit/context.js';
import { formFields } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { describeFields, readFields, type FieldWords } from '../schema-form/fields.js';
import { SettingsPage } from './settings.js';

export interface SettingsDeps {
  readonly organisations: Organisations;
}

const WORDS: FieldWords = {
  'sessions.idleMinutes': {
    label: 'Minutes without a click',
    hint: '5 to 60. After that, people sign in again.',
  },
  'sessions.absoluteHours': {
    label: 'Hours from sign-in, whatever happens',
    hint: '1 to 12. Shortening it ends sessions that are older, your own included.',
  },
};
const FIELDS = describeFields(organisationSettingsSchema, WORDS);

export function addSettings(pages: Pages, deps: SettingsDeps): void {
  pages.get('/settings', 'access:read', (context) => show(deps, context));
  pages.post(
    '/settings',
    'settings:write',
    async (context) => {
      const sent = formFields(context.request);
      await deps.organisations.save({
        tenantId: context.session.tenantId,
        name: sent['name'] ?? '',
        settings: readFields(FIELDS, sent, 'settings'),
        actor: context.actor,
      });
      return redirect(paths.settings(), 'organisation-saved');
    },
    (context) => show(deps, context),
  );
}

/** What was just sent and refused, so that nobody types it twice; else what is stored. */
async function show({ organisations }: SettingsDeps, context: PageContext): Promise<Result> {
  const organisation = await organisations.read(context.session.tenantId);
  const sent = formFields(context.request);
  const wasSent = context.problem !== null;
  const name = wasSent ? (sent['name'] ?? '') : organisation.name;
  const values = wasSent ? readFields(FIELDS, sent, 'settings') : organisation.settings;
  return page('Settings', <SettingsPage {...{ context, organisation, name, values, fields: FIELDS }} />);
}
