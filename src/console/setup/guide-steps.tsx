import type { ConnectionView } from '../../sso/connection-view.js';
import { APP_NAME, UNIQUE_FIELD, type GuideStep, type GuideValue } from '../../sso/guides/guide.js';
import { h, type Markup } from '../markup/markup.js';
import { CopyValue } from '../parts/copy-value.js';

/** Values by what guides call them; a value that is not known is left out. */
export type GuideValues = Readonly<Partial<Record<GuideValue, string>>>;

const VALUE_LABELS: Readonly<Record<GuideValue, string>> = {
  appName: 'the name',
  acsUrl: 'the ACS URL',
  entityId: 'the entity ID',
  loginUrl: 'the sign-on URL',
  metadataUrl: 'the metadata address',
  scimBaseUrl: 'the SCIM address',
  scimToken: 'the token',
  uniqueField: 'the unique field',
};

export function valuesOf({ serviceProvider }: ConnectionView): GuideValues {
  const { acsUrl, entityId, loginUrl, metadataUrl } = serviceProvider;
  return { appName: APP_NAME, uniqueField: UNIQUE_FIELD, acsUrl, entityId, loginUrl, metadataUrl };
}

/** What to do at the identity provider, one thing after another, each with what to paste there. */
export function GuideSteps({
  steps,
  values,
}: {
  readonly steps: readonly GuideStep[];
  readonly values: GuideValues;
}): Markup {
  return (
    <ol class="plain todo-list">
      {steps.map(({ text, value }, index) => {
        const shown = value === undefined ? undefined : values[value];
        return (
          <li>
            <div>
              <p>{text}</p>
              {value === undefined || shown === undefined ? null : (
                <CopyValue id={`value-${String(index)}`} label={VALUE_LABELS[value]} value={shown} />
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
