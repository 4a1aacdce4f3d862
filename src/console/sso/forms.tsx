import type { ConnectionSettings } from '../../sso/connection.js';
import type { ConnectionView } from '../../sso/connection-view.js';
import { GUIDES } from '../../sso/guides/guides.js';
import { otherRules, toRoleGroups } from '../../sso/setup/role-groups.js';
import type { PageContext } from '../kit/context.js';
import { formFields } from '../kit/form.js';
import { h, type Markup } from '../markup/markup.js';
import { Card } from '../parts/blocks.js';
import { IdpSourceFields } from '../parts/idp-source-fields.js';
import { PostForm } from '../parts/post-form.js';
import { AttributeFields, RoleFields } from '../parts/role-fields.js';
import { paths } from '../paths.js';

export interface ConnectionForm {
  readonly connection: ConnectionView;
  readonly context: PageContext;
}

/** Who gets in, as what. Rules about other attributes are shown and kept. */
export function RolesCard({ connection, context }: ConnectionForm): Markup {
  const { settings, idpKind, name } = connection;
  const { groupExample, groupHint } = GUIDES[idpKind].attributes;
  const others = otherRules(settings.roleRules);
  const sent = formFields(context.request);
  return (
    <Card title="Roles in this console">
      <PostForm
        action={paths.ssoConnection(name, '/roles')}
        session={context.session}
        class="card-body stack"
      >
        <p>
          One group or e-mail address a line; the highest role wins. Whoever is in none of them does not get
          in. {groupHint}
        </p>
        <RoleFields roles={toRoleGroups(settings.roleRules)} sent={sent} example={groupExample} />
        {others.length === 0 ? null : (
          <p class="quiet small">
            Also, from the command line:{' '}
            {others.map(({ attribute, value, role }) => `${attribute} = ${value} → ${role}`).join('; ')}.
            These stay.
          </p>
        )}
        <details>
          <summary>Names of attributes</summary>
          <AttributeFields attributes={settings.attributes} sent={sent} />
        </details>
        <div>
          <button class="button" type="submit">
            Save the roles
          </button>
        </div>
      </PostForm>
    </Card>
  );
}

/** The identity provider's side, replaced as a whole. */
export function SourceCard({ connection, context }: ConnectionForm): Markup {
  const { metadata } = GUIDES[connection.idpKind];
  return (
    <Card title="Metadata of the identity provider">
      <PostForm
        action={paths.ssoConnection(connection.name, '/idp')}
        session={context.session}
        class="card-body stack"
      >
        <IdpSourceFields
          best={metadata.best}
          urlExample={metadata.urlExample}
          sent={formFields(context.request)}
          known={connection.metadata.url}
        />
        <div>
          <button class="button" type="submit">
            Replace the metadata
          </button>
        </div>
      </PostForm>
    </Card>
  );
}

type Switch = 'idpInitiated' | 'requireSignedResponse' | 'signRequests';

export const SWITCHES: Readonly<Record<Switch, { readonly label: string; readonly hint: string }>> = {
  idpInitiated: {
    label: 'People may start at the identity provider’s dashboard',
    hint: 'IdP-initiated: more convenient, and open to sign-ins that somebody else starts.',
  },
  requireSignedResponse: {
    label: 'The response around the assertion must be signed, too',
    hint: 'The assertion must be signed always.',
  },
  signRequests: { label: 'Sign our requests', hint: 'Single logout needs it.' },
};

const JIT_WORDS: Readonly<Record<ConnectionSettings['jit'], string>> = {
  auto: 'Only while there is no SCIM',
  on: 'Always, beside SCIM',
  off: 'Never',
};

export const JIT_CHOICES = Object.keys(JIT_WORDS) as readonly ConnectionSettings['jit'][];
export const SWITCH_NAMES = Object.keys(SWITCHES) as readonly Switch[];

export function SettingsCard({ connection: { name, label, settings }, context }: ConnectionForm): Markup {
  const sent = formFields(context.request);
  const isSent = sent['jit'] !== undefined;
  return (
    <Card title="How it behaves">
      <PostForm
        action={paths.ssoConnection(name, '/settings')}
        session={context.session}
        class="card-body stack"
      >
        <div class="fields wide">
          <div class="field">
            <label for="label">Name on the sign-in page</label>
            <input
              id="label"
              name="label"
              value={sent['label'] ?? label}
              required
              maxlength="80"
              autocomplete="off"
            />
          </div>
          <div class="field">
            <label for="jit">People come with their sign-in</label>
            <select id="jit" name="jit">
              {JIT_CHOICES.map((choice) => (
                <option value={choice} selected={(sent['jit'] ?? settings.jit) === choice}>
                  {JIT_WORDS[choice]}
                </option>
              ))}
            </select>
          </div>
          <div class="field">
            <label for="jitDays">Days that groups from a sign-in hold</label>
            <input
              id="jitDays"
              name="jitDays"
              inputmode="numeric"
              value={sent['jitDays'] ?? String(settings.jitDays)}
            />
          </div>
        </div>
        <fieldset>
          <legend class="hidden">Switches</legend>
          {SWITCH_NAMES.map((one) => (
            <label class="choice">
              <input
                type="checkbox"
                name={one}
                value="yes"
                checked={isSent ? sent[one] === 'yes' : settings[one]}
              />
              <span>
                <span class="strong">{SWITCHES[one].label}</span>
                <span class="block quiet small">{SWITCHES[one].hint}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <div>
          <button class="button" type="submit">
            Save
          </button>
        </div>
      </PostForm>
    </Card>
  );
}
