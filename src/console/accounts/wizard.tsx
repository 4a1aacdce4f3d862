import type { ProviderDefinition } from '../../providers/port.js';
import type { PageContext } from '../kit/context.js';
import { formFields } from '../kit/form.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';
import { FieldSet } from '../schema-form/field-set.js';
import { describeFields, readFields } from '../schema-form/fields.js';

const HEAD = {
  title: 'Connect a phone system',
  lead: 'The credential is tried before anything is stored. The account starts in report-only: nothing is changed there until you choose otherwise.',
  crumbs: { href: paths.accounts(), label: 'Phone systems' },
} as const;

/** First step: which vendor. */
export function ChooseVendorPage({
  providers,
}: {
  readonly providers: readonly ProviderDefinition[];
}): Markup {
  return (
    <div>
      <PageHead {...HEAD} />
      <Card title="Which one?">
        <ul class="rows">
          {providers.map(({ id, displayName }) => (
            <li>
              <a class="cover grow" href={paths.newAccount(id)}>
                {displayName}
              </a>
              <a class="button plain" href={paths.newAccount(id)}>
                Choose<span class="hidden"> {displayName}</span>
              </a>
            </li>
          ))}
        </ul>
      </Card>
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
  return (
    <div>
      <PageHead {...HEAD} />
      <Card title={definition.displayName}>
        <PostForm action={paths.newAccount()} session={context.session} class="card-body stack">
          <input type="hidden" name="provider" value={definition.id} />
          <div class="field">
            <label for="name">Name</label>
            <input
              id="name"
              name="name"
              value={sent['name'] ?? definition.id}
              required
              maxlength="40"
              autocomplete="off"
              aria-describedby="name-hint"
            />
            <p class="hint" id="name-hint">
              What rules call it: lower-case letters, digits and hyphens. It stays the same for good.
            </p>
          </div>
          <FieldSet fields={describeFields(definition.secretSchema)} values={{}} prefix="secret" isSecret />
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
              Try the credential and connect
            </button>
          </div>
        </PostForm>
      </Card>
    </div>
  );
}
