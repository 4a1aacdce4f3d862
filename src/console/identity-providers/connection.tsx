import type { IdpDefinition, IdpFacts } from '../../report/idp-port.js';
import type { IdpSource } from '../../report/missed-pushes/source.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago } from '../kit/format.js';
import { formFields } from '../kit/form.js';
import { h, type Child, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, PageHead } from '../parts/blocks.js';
import { NameField } from '../parts/choices.js';
import { PostForm } from '../parts/post-form.js';
import { TypedConfirmation } from '../parts/typed-confirmation.js';
import { paths } from '../paths.js';
import { FieldSet } from '../schema-form/field-set.js';
import { readFields, type FormField } from '../schema-form/fields.js';
import { NEW_HEAD } from './list.js';
import { configFields, NEEDS, secretFields, SETTING_FIELDS } from './words.js';

/** Second step of connecting one: name, credential, and the provider's settings. */
export function NewConnectionPage({
  context,
  definition,
}: {
  readonly context: PageContext;
  readonly definition: IdpDefinition;
}): Markup {
  const sent = formFields(context.request);
  const again = (fields: readonly FormField[], prefix: string): unknown =>
    context.problem === null ? {} : readFields(fields, sent, prefix);
  const config = configFields(definition);
  return (
    <div>
      <PageHead {...NEW_HEAD} />
      <Card title={definition.displayName}>
        <PostForm action={paths.newIdentityProvider()} session={context.session} class="card-body stack">
          <input type="hidden" name="kind" value={definition.kind} />
          <NameField value={sent['name'] ?? definition.kind} maxLength={60} />
          <p class="quiet">{NEEDS[definition.kind]}</p>
          <FieldSet fields={secretFields(definition)} values={{}} prefix="secret" isSecret />
          <FieldSet fields={config} values={again(config, 'config')} prefix="config" />
          <details>
            <summary>What is compared, and when</summary>
            <FieldSet fields={SETTING_FIELDS} values={again(SETTING_FIELDS, 'settings')} prefix="settings" />
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

export interface ConnectionShown {
  readonly context: PageContext;
  readonly source: IdpSource;
  readonly definition: IdpDefinition;
  /** What the stored credential reaches, where that was just tried. */
  readonly tried: IdpFacts | null;
}

/** One connection: how it stands, and for those who may, everything about it. */
export function ConnectionPage(shown: ConnectionShown): Markup {
  const { context, source, definition, tried } = shown;
  return (
    <div>
      <PageHead
        title={source.name}
        lead={`${definition.displayName}, read only and compared with the directory here.`}
        crumbs={{ href: paths.identityProviders(), label: 'Identity providers' }}
      />
      <div class="stack">
        {tried === null ? null : (
          <div class="notice good" role="status">
            <p class="strong">The credential works: it reaches {tried.name}.</p>
            {Object.entries(tried.details).map(([name, value]) => (
              <p>
                {name}: {String(value)}
              </p>
            ))}
          </div>
        )}
        <StateCard {...shown} />
        {can(context, 'accounts:write') ? <Changes {...shown} /> : null}
      </div>
    </div>
  );
}

function StateCard({ context, source, definition }: ConnectionShown): Markup {
  const { id, pausedReason, comparedAt, settings } = source;
  const button = (verb: string, label: string): Markup => (
    <PostForm action={paths.identityProvider(id, `/${verb}`)} session={context.session}>
      <button class="button plain" type="submit">
        {label}
      </button>
    </PostForm>
  );
  return (
    <Card
      title="How it stands"
      aside={pausedReason === null ? <Badge tone="good">Connected</Badge> : <Badge tone="bad">Paused</Badge>}
    >
      <div class="card-body stack-s">
        {pausedReason === null ? null : <p>{pausedReason}</p>}
        <p>
          {comparedAt === null ? (
            'Not read yet.'
          ) : (
            <span>
              Read <Ago at={comparedAt} now={context.now} />.
            </span>
          )}{' '}
          Compared on the schedule <code>{settings.compareCron}</code> ({settings.timeZone}).
        </p>
        <p>{NEEDS[definition.kind]}</p>
        <div class="row">
          {can(context, 'findings:decide') ? button('compare', 'Compare now') : null}
          {can(context, 'accounts:write') ? button('test', 'Try the credential') : null}
          <a href={paths.findings({ source: `idp:${id}` })}>Findings</a>
          <a href={paths.comparisons(`/idp/${id}/policies`)}>Policies</a>
        </div>
      </div>
    </Card>
  );
}

function Changes({ context, source, definition }: ConnectionShown): Markup {
  const { id, name, config, settings } = source;
  const fieldsOf = { settings: SETTING_FIELDS, config: configFields(definition) };
  const isSent = (part: string): boolean => context.request.path.endsWith(`/${part}`);
  const valuesOf = (part: 'settings' | 'config', stored: unknown): unknown =>
    context.problem !== null && isSent(part)
      ? readFields(fieldsOf[part], formFields(context.request), part)
      : stored;
  const form = (part: string, summary: string, button: string, fields: Child): Markup => (
    <details open={isSent(part)}>
      <summary>{summary}</summary>
      <PostForm action={paths.identityProvider(id, `/${part}`)} session={context.session} class="stack">
        {fields}
        <div>
          <button class="button" type="submit">
            {button}
          </button>
        </div>
      </PostForm>
    </details>
  );
  return (
    <Card title="Change it">
      <div class="card-body stack">
        {form(
          'settings',
          'What is compared, and when',
          'Save',
          <FieldSet fields={SETTING_FIELDS} values={valuesOf('settings', settings)} prefix="settings" />,
        )}
        {form(
          'config',
          `${definition.displayName} settings`,
          'Try them and save',
          <FieldSet fields={fieldsOf.config} values={valuesOf('config', config)} prefix="config" />,
        )}
        {form(
          'credential',
          'Replace the credential',
          'Try it and replace the old one',
          <FieldSet fields={secretFields(definition)} values={{}} prefix="secret" isSecret />,
        )}
        <details open={isSent('remove')}>
          <summary>Remove the connection</summary>
          <p class="quiet">Its readings and findings go with it. People stay as they are.</p>
          <TypedConfirmation
            action={paths.identityProvider(id, '/remove')}
            session={context.session}
            word={name}
            button="Remove"
          />
        </details>
      </div>
    </Card>
  );
}
