import { accountSettingsSchema, archiveSecretSchema } from '../../tenancy/account.js';
import { h, type Markup } from '../markup/markup.js';
import { Card } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';
import { FieldSet } from '../schema-form/field-set.js';
import { describeFields } from '../schema-form/fields.js';
import { formFields } from '../kit/form.js';
import { readFields } from '../schema-form/fields.js';
import type { AccountShown } from './shown.js';
import { groupSettings } from './setting-groups.js';
import { SETTING_WORDS } from './setting-words.js';

export const SETTING_FIELDS = describeFields(accountSettingsSchema, SETTING_WORDS);

/** What was just sent and refused, so that nobody types it twice; else what is stored. */
function shownValues(
  { context }: AccountShown,
  part: string,
  fields: typeof SETTING_FIELDS,
  stored: unknown,
): unknown {
  const wasSent = context.problem !== null && context.request.path.endsWith(`/${part}`);
  return wasSent ? readFields(fields, formFields(context.request), part) : stored;
}

export function SettingsCard(shown: AccountShown): Markup {
  const { context, account } = shown;
  const values = shownValues(shown, 'settings', SETTING_FIELDS, account.settings);
  return (
    <Card title="Settings">
      <PostForm
        action={paths.account(account.name, '/settings')}
        session={context.session}
        class="card-body stack"
      >
        {groupSettings(SETTING_FIELDS).map(({ title, fields }) => (
          <section class="stack-s">
            <h3>{title}</h3>
            <FieldSet fields={fields} values={values} prefix="settings" />
          </section>
        ))}
        <div>
          <button class="button" type="submit">
            Save the settings
          </button>
        </div>
      </PostForm>
    </Card>
  );
}

export function VendorSettingsCard(shown: AccountShown): Markup {
  const { context, account, definition } = shown;
  const fields = describeFields(definition.configSchema);
  return (
    <Card title={`${definition.displayName} settings`}>
      <div class="card-body">
        <details open={context.request.path.endsWith('/config')}>
          <summary>Addresses, limits and what the vendor leaves open</summary>
          <PostForm action={paths.account(account.name, '/config')} session={context.session} class="stack">
            <FieldSet
              fields={fields}
              values={shownValues(shown, 'config', fields, account.config)}
              prefix="config"
            />
            <div>
              <button class="button" type="submit">
                Save the {definition.displayName} settings
              </button>
            </div>
          </PostForm>
        </details>
      </div>
    </Card>
  );
}

/** The bucket's own credential; shown to those who may write, never with what is stored. */
export function ArchiveCredentialCard({ context, account }: AccountShown): Markup | null {
  if (account.settings.archive.to !== 's3') return null;
  return (
    <Card title="Credential of the archive">
      <PostForm
        action={paths.account(account.name, '/archive-credential')}
        session={context.session}
        class="card-body stack"
      >
        {account.archiveSecrets === null ? <p>None is stored yet: nothing can be archived.</p> : null}
        <FieldSet fields={describeFields(archiveSecretSchema)} values={{}} prefix="archive" isSecret />
        <div>
          <button class="button" type="submit">
            Store it
          </button>
        </div>
      </PostForm>
    </Card>
  );
}

export function CredentialCard({ context, account, definition }: AccountShown): Markup {
  return (
    <Card title="Credential">
      <div class="card-body">
        <details open={context.request.path.endsWith('/credential')}>
          <summary>Replace the credential</summary>
          <PostForm
            action={paths.account(account.name, '/credential')}
            session={context.session}
            class="stack"
          >
            <p class="quiet">
              The new credential is tried at {definition.displayName} first. The old one stays in use until
              the new one works.
            </p>
            <FieldSet fields={describeFields(definition.secretSchema)} values={{}} prefix="secret" isSecret />
            <div>
              <button class="button" type="submit">
                Try it and replace the old one
              </button>
            </div>
          </PostForm>
        </details>
      </div>
    </Card>
  );
}
