import { GUIDES } from '../../../sso/guides/guides.js';
import { connectionOf } from '../../../sso/setup/state.js';
import { h } from '../../markup/markup.js';
import { Card } from '../../parts/blocks.js';
import { PostForm } from '../../parts/post-form.js';
import { GuideSteps, valuesOf } from '../guide-steps.js';
import { StepFoot } from '../layout.js';
import { setupPaths } from '../paths.js';
import type { StepPage } from '../step.js';
import { idpName } from '../words.js';

/** Our addresses go into the identity provider. */
export const applicationStep: StepPage = {
  title: (state) => `Create the application in ${idpName(state)}`,
  show({ state, csrf }) {
    const connection = connectionOf(state);
    return Promise.resolve(
      <PostForm action={setupPaths.step('service-provider')} session={{ csrf }}>
        <Card>
          <div class="card-body">
            <GuideSteps steps={GUIDES[connection.idpKind].application} values={valuesOf(connection)} />
          </div>
        </Card>
        <StepFoot>
          <button class="button" type="submit">
            The application is there
          </button>
          <a href={connection.serviceProvider.metadataUrl} target="_blank" rel="noreferrer">
            Our metadata as XML
          </a>
        </StepFoot>
      </PostForm>,
    );
  },
  submit: async ({ journey, state }) => ({ type: 'next', state: await journey.confirmApplication(state) }),
};
