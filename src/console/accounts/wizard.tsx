import type { ProviderDefinition } from '../../providers/port.js';
import type { PageContext } from '../kit/context.js';
import { formFields } from '../kit/form.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, PageHead } from '../parts/blocks.js';
import { Choices, NameField } from '../parts/choices.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';
import { FieldSet } from '../schema-form/field-set.js';
import { describeFields, readFields } from '../schema-form/fields.js';

const STARTS = 'The account starts in report-only: nothing is changed there until you choose otherwise.';
const HEAD = {
  title: 'Connect a phone system',
  lead: STARTS,
  crumbs: { href: paths.accounts(), label: 'Phone systems' },
} as const;
const NAME_HINT = 'What rules call it: lower-case letters, digits and hyphens. It stays the same for good.';

/** First step: which vendor. */
export function ChooseVendorPage({
  providers,
}: {
  readonly providers: readonly ProviderDefinition[];
}): Markup {
  return (
    <div>
      <PageHead {...HEAD} />
      <Choices
        choices={providers.map(({ id, displayName, needs }) => ({
          label: displayName,
          needs,
          href: paths.newAccount(id),
        }))}
      />
    </div>
  );
}

/** Second step: name, credential and, where needed, the vendor's settings. */
export function NewAccountPage({
  context,
  definition,
}: {
  readonly context: PageContext;
  readonly definition: ProviderDefinition;
}): Markup {
  const sent = formFields(context.request);
  const config = describeFields(definition.configSchema);
  const secrets = describeFields(definition.secretSchema);
  const hasCredential = secrets.length > 0;
  const lead = hasCredential ? `The credential is tried before anything is stored. ${STARTS}` : STARTS;
  return (
    <div>
      <PageHead {...HEAD} lead={lead} />
      <Card title={definition.displayName}>
        <PostForm action={paths.newAccount()} session={context.session} class="card-body stack">
          <input type="hidden" name="provider" value={definition.id} />
          <NameField value={sent['name'] ?? definition.id} maxLength={40} hint={NAME_HINT} />
          <p class="quiet">{definition.needs}</p>
          {hasCredential ? <FieldSet fields={secrets} values={{}} prefix="secret" isSecret /> : null}
          <details>
            <summary>Addresses, limits and what the vendor leaves open</summary>
            <FieldSet
              fields={config}
              values={context.problem === null ? {} : readFields(config, sent, 'config')}
              prefix="config"
            />
          </details>
          <div>
            <button class="button" type="submit">
              {hasCredential ? 'Try the credential and connect' : 'Connect'}
            </button>
          </div>
        </PostForm>
      </Card>
    </div>
  );
}
