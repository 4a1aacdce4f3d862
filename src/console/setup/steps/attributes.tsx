import { GUIDES } from '../../../sso/guides/guides.js';
import type { GuideAttribute } from '../../../sso/guides/guide.js';
import { toRoleGroups } from '../../../sso/setup/role-groups.js';
import { connectionOf } from '../../../sso/setup/state.js';
import { h, type Markup } from '../../markup/markup.js';
import { Card, Cell, Table, TableRow } from '../../parts/blocks.js';
import { CopyValue } from '../../parts/copy-value.js';
import { PostForm } from '../../parts/post-form.js';
import { AttributeFields, readAttributeFields, readRoleFields, RoleFields } from '../../parts/role-fields.js';
import { GuideSteps, valuesOf } from '../guide-steps.js';
import { StepFoot } from '../layout.js';
import { setupPaths } from '../paths.js';
import type { StepPage } from '../step.js';
import { idpName } from '../words.js';

/** What is sent about people, and which of them may enter the console. */
export const attributesStep: StepPage = {
  title: () => 'Who may enter, and as what?',
  show({ state, csrf, fields }) {
    const connection = connectionOf(state);
    const { attributes } = GUIDES[connection.idpKind];
    const { settings } = connection;
    return Promise.resolve(
      <PostForm action={setupPaths.step('attributes')} session={{ csrf }}>
        <div class="stack">
          <Card title={`In ${idpName(state)}`}>
            <div class="card-body stack">
              <GuideSteps steps={attributes.steps} values={valuesOf(connection)} />
            </div>
            <AttributeTable rows={attributes.rows} />
          </Card>
          <Card title="Roles in this console">
            <div class="card-body stack">
              <p>
                One group or e-mail address a line. Whoever is in none of them does not get in.{' '}
                {attributes.groupHint}
              </p>
              <RoleFields
                roles={toRoleGroups(settings.roleRules)}
                sent={fields}
                example={attributes.groupExample}
              />
              <details open={fields['attribute.email'] !== undefined}>
                <summary>Names of attributes</summary>
                <AttributeFields attributes={settings.attributes} sent={fields} />
              </details>
            </div>
          </Card>
          <p class="notice">{GUIDES[connection.idpKind].assignment}</p>
        </div>
        <StepFoot>
          <button class="button" type="submit">
            Save and go on to the test
          </button>
        </StepFoot>
      </PostForm>,
    );
  },
  async submit({ journey, state, fields }) {
    const mapping = { roles: readRoleFields(fields), attributes: readAttributeFields(fields) };
    return { type: 'next', state: await journey.mapPeople(state, mapping) };
  },
};

function AttributeTable({ rows }: { readonly rows: readonly GuideAttribute[] }): Markup | null {
  if (rows.length === 0) return null;
  return (
    <Table label="Attributes to send" head={['Name to give', 'Value to choose']}>
      {rows.map(({ name, source }) => (
        <TableRow>
          <Cell label="Name to give">
            <CopyValue id={`attribute-name-${name}`} label={`the name ${name}`} value={name} />
          </Cell>
          <Cell label="Value to choose">{source}</Cell>
        </TableRow>
      ))}
    </Table>
  );
}
