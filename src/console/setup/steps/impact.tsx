import { h } from '../../markup/markup.js';
import { Card } from '../../parts/blocks.js';
import { PostForm } from '../../parts/post-form.js';
import { StepFoot } from '../layout.js';
import { setupPaths } from '../paths.js';
import type { StepPage } from '../step.js';

/** What the rules would do in each phone system. Asking those takes a moment, so it comes after the page. */
export const impactStep: StepPage = {
  title: () => 'What would happen',
  show: ({ csrf }) =>
    Promise.resolve(
      <div>
        <p class="lead">Nothing has been changed in the phone system so far. This is what would be.</p>
        <div
          class="note"
          id="impact"
          aria-live="polite"
          hx-get={setupPaths.impact()}
          hx-trigger="load"
          hx-swap="innerHTML"
        >
          <Card>
            <div class="waiting">
              <p class="quiet">
                Asking the phone systems… <a href={setupPaths.impact()}>Open the answer by itself</a>
              </p>
            </div>
          </Card>
        </div>
        <PostForm action={setupPaths.step('impact')} session={{ csrf }}>
          <StepFoot>
            <button class="button" type="submit">
              That is what we want
            </button>
            <a href={setupPaths.step('rules')}>Change what groups get</a>
          </StepFoot>
        </PostForm>
      </div>,
    ),
  submit: async ({ journey, state }) => ({ type: 'next', state: await journey.confirmImpact(state) }),
};
