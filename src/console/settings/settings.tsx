import type { Organisation } from '../../tenancy/organisation.js';
import { can, type PageContext } from '../kit/context.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';
import type { FormField } from '../schema-form/fields.js';
import { FieldSet } from '../schema-form/field-set.js';

export interface SettingsShown {
  readonly context: PageContext;
  readonly organisation: Organisation;
  readonly name: string;
  readonly values: unknown;
  readonly fields: readonly FormField[];
}

/** What holds for the whole organisation; what holds for one phone system stands there. */
export function SettingsPage(shown: SettingsShown): Markup {
  return (
    <div>
      <PageHead
        title="Settings"
        lead="What holds for the whole organisation. Safety limits, grace periods, prices and schedules belong to each phone system."
      />
      <div class="stack">
        {can(shown.context, 'settings:write') ? <SettingsForm {...shown} /> : <AsTheyAre {...shown} />}
        <Elsewhere {...shown} />
      </div>
    </div>
  );
}

function SettingsForm({ context, organisation, name, values, fields }: SettingsShown): Markup {
  return (
    <Card title="Organisation and sessions">
      <PostForm action={paths.settings()} session={context.session} class="card-body stack">
        <div class="fields">
          <div class="field">
            <label for="name">Name of the organisation</label>
            <input id="name" name="name" value={name} required maxlength="100" autocomplete="organization" />
            <span class="hint">
              Its short name <code>{organisation.slug}</code> stands in addresses and commands and stays.
            </span>
          </div>
        </div>
        <FieldSet fields={fields} values={values} prefix="settings" />
        <div>
          <button class="button" type="submit">
            Save the settings
          </button>
        </div>
      </PostForm>
    </Card>
  );
}

function AsTheyAre({ organisation }: SettingsShown): Markup {
  const { idleMinutes, absoluteHours } = organisation.settings.sessions;
  return (
    <Card title="Organisation and sessions">
      <dl class="pairs card-body">
        <dt>Name</dt>
        <dd>{organisation.name}</dd>
        <dt>Short name</dt>
        <dd>
          <code>{organisation.slug}</code>
        </dd>
        <dt>Sessions end</dt>
        <dd>
          after {idleMinutes} minutes without a click, and {absoluteHours} hours after the sign-in
        </dd>
      </dl>
    </Card>
  );
}

function Elsewhere({ context }: SettingsShown): Markup {
  return (
    <Card title="Set elsewhere">
      <ul class="rows">
        <Place href={paths.accounts()} title="Phone systems">
          Policy, safety limits, two people for approvals, grace period, prices, schedule, credential
        </Place>
        <Place href={paths.connections()} title="SSO and SCIM">
          Base URL, tokens, OAuth clients, single sign-on
        </Place>
        {can(context, 'access:read') ? (
          <Place href={paths.access()} title="Team and access">
            Roles, sessions, API tokens
          </Place>
        ) : null}
      </ul>
    </Card>
  );
}

function Place({
  href,
  title,
  children,
}: {
  readonly href: string;
  readonly title: string;
  readonly children?: string | readonly string[];
}): Markup {
  return (
    <li>
      <div class="grow">
        <a class="cover" href={href}>
          {title}
        </a>
        <p class="quiet small">{children}</p>
      </div>
    </li>
  );
}
