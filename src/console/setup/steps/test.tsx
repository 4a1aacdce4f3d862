import type { ConnectionView } from '../../../sso/connection-view.js';
import { connectionOf } from '../../../sso/setup/state.js';
import type { Trace } from '../../../sso/trace.js';
import { icons } from '../../layout/icons.js';
import { Fragment, h, type Markup } from '../../markup/markup.js';
import { Card } from '../../parts/blocks.js';
import { PostForm } from '../../parts/post-form.js';
import { TraceView } from '../../parts/trace-view.js';
import { StepFoot } from '../layout.js';
import { setupPaths } from '../paths.js';
import type { StepPage } from '../step.js';
import { idpName } from '../words.js';

/** Everything of a sign-in but the session: what comes back is explained. */
export const testStep: StepPage = {
  title: () => 'Try it: sign in once',
  async show({ journey, state, csrf }) {
    const connection = connectionOf(state);
    const trace = await journey.newestTest(state);
    return (
      <div>
        {trace === null ? <Invitation name={idpName(state)} /> : <TraceView trace={trace} />}
        <Foot trace={trace} connection={connection} csrf={csrf} />
      </div>
    );
  },
  submit: async ({ journey, state }) => ({ type: 'next', state: await journey.confirmTest(state) }),
};

function Invitation({ name }: { readonly name: string }): Markup {
  return (
    <Card>
      <div class="verdict">
        <span class="state-mark info">
          <icons.access />
        </span>
        <div class="stack-s">
          <h2>You go to {name} and come back here</h2>
          <p>
            Sign in as yourself. Nothing is switched on yet, and nobody gets a session: this page then shows
            what arrived, which role you would get, and what to change if something is wrong.
          </p>
        </div>
      </div>
    </Card>
  );
}

function Foot({
  trace,
  connection,
  csrf,
}: {
  readonly trace: Trace | null;
  readonly connection: ConnectionView;
  readonly csrf: string;
}): Markup {
  const { loginUrl } = connection.serviceProvider;
  const address = `${loginUrl.replace(/\/login$/, '/test')}?returnTo=${encodeURIComponent(setupPaths.step('test'))}`;
  const again = (
    <a class={trace?.outcome === 'passed' ? 'button plain' : 'button'} href={address}>
      {trace === null ? 'Start the test sign-in' : 'Test once more'}
    </a>
  );
  if (trace?.outcome !== 'passed') {
    return (
      <StepFoot>
        {again}
        {trace === null ? null : <Repairs trace={trace} />}
      </StepFoot>
    );
  }
  return (
    <PostForm action={setupPaths.step('test')} session={{ csrf }}>
      <StepFoot>
        <button class="button" type="submit">
          It works, go on
        </button>
        {again}
      </StepFoot>
    </PostForm>
  );
}

/** Where the things are that can be mended on this side. */
function Repairs({ trace }: { readonly trace: Trace }): Markup {
  const isAboutRoles = trace.findings.some(({ check }) => check === 'role' || check === 'groupsMissing');
  return (
    <Fragment>
      {isAboutRoles ? (
        <a href={setupPaths.step('attributes')}>Change the roles</a>
      ) : (
        <a href={setupPaths.step('metadata')}>Change the metadata</a>
      )}
    </Fragment>
  );
}
