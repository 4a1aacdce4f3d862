import { AppError } from '../../../domain/errors.js';
import type { ConnectionView } from '../../../sso/connection-view.js';
import { GUIDES } from '../../../sso/guides/guides.js';
import { connectionOf, nextStep, type SetupState } from '../../../sso/setup/state.js';
import { h, type Markup } from '../../markup/markup.js';
import { Card } from '../../parts/blocks.js';
import { IdpSourceFields, readIdpSourceFields } from '../../parts/idp-source-fields.js';
import { PostForm } from '../../parts/post-form.js';
import { Day } from '../../kit/format.js';
import { GuideSteps, valuesOf } from '../guide-steps.js';
import { StepFoot } from '../layout.js';
import { setupPaths } from '../paths.js';
import type { StepPage } from '../step.js';
import { idpName } from '../words.js';

/** The identity provider's addresses and certificates come to us. */
export const metadataStep: StepPage = {
  title: (state) => `Where is the metadata of ${idpName(state)}?`,
  show({ state, csrf, fields }) {
    const connection = connectionOf(state);
    const { metadata } = GUIDES[connection.idpKind];
    return Promise.resolve(
      <PostForm action={setupPaths.step('metadata')} session={{ csrf }}>
        <div class="stack">
          <Card>
            <div class="card-body">
              <GuideSteps steps={metadata.steps} values={valuesOf(connection)} />
            </div>
          </Card>
          <Known connection={connection} />
          <Card>
            <div class="card-body">
              <IdpSourceFields
                best={metadata.best}
                urlExample={metadata.urlExample}
                sent={fields}
                known={connection.metadata.url}
              />
            </div>
          </Card>
        </div>
        <StepFoot>
          <button class="button" type="submit">
            Read the metadata
          </button>
          {isKnown(state) ? (
            <a href={setupPaths.step(nextStep(state.link.progress, 'metadata'))}>
              Keep what is known and go on
            </a>
          ) : null}
        </StepFoot>
      </PostForm>,
    );
  },
  async submit({ journey, state, fields }) {
    const source = readIdpSourceFields(fields);
    if (source === null) {
      if (isKnown(state)) {
        return { type: 'next', state };
      }
      throw new AppError('invalid', 'Paste the address of the metadata, or the metadata itself.');
    }
    return { type: 'next', state: await journey.giveMetadata(state, source) };
  },
};

function isKnown(state: SetupState): boolean {
  return connectionOf(state).idp !== null && state.link.progress.done.includes('metadata');
}

function Known({ connection: { idp } }: { readonly connection: ConnectionView }): Markup | null {
  if (idp === null) return null;
  const [certificate] = idp.certificates;
  return (
    <p class="notice good">
      Known already: <span class="mono">{idp.entityId}</span>
      {certificate === undefined ? null : (
        <span>
          , certificate valid until <Day at={certificate.notAfter} />
        </span>
      )}
      .
    </p>
  );
}
