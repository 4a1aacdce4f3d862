import type { Arrival } from '../../../sso/setup/journey.js';
import { Ago, formatCount } from '../../kit/format.js';
import { icons } from '../../layout/icons.js';
import { h, type Markup } from '../../markup/markup.js';
import { Card } from '../../parts/blocks.js';
import { PostForm } from '../../parts/post-form.js';
import { StepFoot } from '../layout.js';
import { setupPaths } from '../paths.js';
import type { StepPage } from '../step.js';
import { idpName } from '../words.js';

/** Shows by itself when the identity provider has spoken to us. */
export const firstRequestStep: StepPage = {
  title: () => 'The first request',
  async show({ journey, state, csrf, now }) {
    const arrival = await journey.arrival(state);
    return (
      <div>
        <Card>
          <div
            id="arrival"
            aria-live="polite"
            hx-get={setupPaths.arrival()}
            hx-trigger="every 2s"
            hx-swap="innerHTML"
          >
            <ArrivalView arrival={arrival} name={idpName(state)} now={now} />
          </div>
        </Card>
        <PostForm action={setupPaths.step('first-request')} session={{ csrf }}>
          <StepFoot>
            <button class="button" type="submit">
              Go on
            </button>
            <a href={setupPaths.step('scim')}>Show again what to enter</a>
          </StepFoot>
        </PostForm>
      </div>
    );
  },
  submit: async ({ journey, state }) => ({ type: 'next', state: await journey.confirmArrival(state) }),
};

/** The part that is asked for again and again. */
export function ArrivalView({
  arrival: { token, people, groups, isCut },
  name,
  now,
}: {
  readonly arrival: Arrival;
  readonly name: string;
  readonly now: Date;
}): Markup {
  const at = token?.lastUsedAt ?? null;
  if (at === null) {
    return (
      <div class="waiting">
        <span class="pulse live">
          <icons.connections />
        </span>
        <h2>Waiting for {name}</h2>
        <p class="quiet">
          This page notices by itself. If nothing comes, test the connection there: that sends a request at
          once.
        </p>
      </div>
    );
  }
  return (
    <div class="waiting">
      <span class="pulse good">
        <icons.check />
      </span>
      <h2>We have received your first request</h2>
      <p>
        {formatCount(people, 'person', 'people')} and {isCut ? 'more than ' : ''}
        {formatCount(groups, 'group', 'groups')} so far. Last request <Ago at={at} now={now} />.
      </p>
      {groups > 0 ? null : (
        <p class="quiet">
          Groups are needed for the rules: switch on sending them there, then they appear here.
        </p>
      )}
    </div>
  );
}
