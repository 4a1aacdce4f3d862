import type { AttributeNames } from '../../sso/connection.js';
import type { ConsoleRole } from '../../sso/console-role.js';
import { ROLES_DOWNWARDS, type RoleGroups } from '../../sso/setup/role-groups.js';
import { h, type Markup } from '../markup/markup.js';

const ROLE_WORDS: Readonly<Record<ConsoleRole, string>> = {
  owner: 'Everything, single sign-on and access included',
  admin: 'Rules, phone systems, SCIM tokens',
  operator: 'Approves plans, works on tasks',
  viewer: 'Sees everything, changes nothing',
};

/** Groups and people per console role, one a line. */
export function RoleFields({
  roles,
  sent,
  example,
}: {
  readonly roles: RoleGroups;
  readonly sent: Readonly<Record<string, string>>;
  readonly example: string;
}): Markup {
  return (
    <div class="fields wide">
      {ROLES_DOWNWARDS.map((role) => (
        <div class="field">
          <label for={`role-${role}`}>{`${role.slice(0, 1).toUpperCase()}${role.slice(1)}`}</label>
          <p class="hint" id={`role-${role}-hint`}>
            {ROLE_WORDS[role]}
          </p>
          <textarea
            id={`role-${role}`}
            name={`role.${role}`}
            rows="3"
            spellcheck="false"
            autocapitalize="off"
            placeholder={role === 'owner' ? example : undefined}
            aria-describedby={`role-${role}-hint`}
          >
            {`\n${sent[`role.${role}`] ?? roles[role].join('\n')}`}
          </textarea>
        </div>
      ))}
    </div>
  );
}

/** Lines of the fields as they came. */
export function readRoleFields(fields: Readonly<Record<string, string>>): RoleGroups {
  const of = (role: ConsoleRole) => linesOf(fields[`role.${role}`] ?? '');
  return { owner: of('owner'), admin: of('admin'), operator: of('operator'), viewer: of('viewer') };
}

const ATTRIBUTE_LABELS: Readonly<Record<keyof AttributeNames, string>> = {
  email: 'E-mail address',
  givenName: 'First name',
  familyName: 'Last name',
  displayName: 'Display name',
  groups: 'Groups',
};

const ATTRIBUTES = Object.keys(ATTRIBUTE_LABELS) as readonly (keyof AttributeNames)[];

/** Names that the identity provider gives to attributes; the first that arrives counts. */
export function AttributeFields({
  attributes,
  sent,
}: {
  readonly attributes: AttributeNames;
  readonly sent: Readonly<Record<string, string>>;
}): Markup {
  return (
    <div class="stack-s">
      <p class="quiet small">
        One name a line; the first that arrives counts. The usual names are known already, so leave this alone
        unless the test sign-in says that something is missing.
      </p>
      <div class="fields wide">
        {ATTRIBUTES.map((name) => (
          <div class="field">
            <label for={`attribute-${name}`}>{ATTRIBUTE_LABELS[name]}</label>
            <textarea
              id={`attribute-${name}`}
              name={`attribute.${name}`}
              rows="4"
              class="mono"
              spellcheck="false"
            >
              {`\n${sent[`attribute.${name}`] ?? attributes[name].join('\n')}`}
            </textarea>
          </div>
        ))}
      </div>
    </div>
  );
}

/** A list that was emptied stays as it was: without names nothing could be read. */
export function readAttributeFields(fields: Readonly<Record<string, string>>): Partial<AttributeNames> {
  const entries = ATTRIBUTES.map((name) => [name, linesOf(fields[`attribute.${name}`] ?? '')] as const);
  return Object.fromEntries(entries.filter(([, names]) => names.length > 0));
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))];
}
