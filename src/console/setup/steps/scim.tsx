import { GUIDES } from '../../../sso/guides/guides.js';
import { connectionOf } from '../../../sso/setup/state.js';
import { Fragment, h, type Markup } from '../../markup/markup.js';
import { Card } from '../../parts/blocks.js';
import { CopyValue } from '../../parts/copy-value.js';
import { PostForm } from '../../parts/post-form.js';
import { GuideSteps, valuesOf } from '../guide-steps.js';
import { StepFoot } from '../layout.js';
import { setupPaths } from '../paths.js';
import type { StepContext, StepPage } from '../step.js';
import { idpName } from '../words.js';

/** How people and groups arrive: pushed, or with their sign-in. */
export const scimStep: StepPage = {
  title: (state) => `Let ${idpName(state)} send people and groups`,
  async show(context) {
    const { token } = await context.journey.arrival(context.state);
    const { isOffered } = GUIDES[connectionOf(context.state).idpKind].scim;
    return token === null || !isOffered ? (
      <Choice context={context} />
    ) : (
      <Push context={context} token={null} hint={token.hint} />
    );
  },
  async submit(context) {
    const { journey, state, fields } = context;
    if (fields['way'] === 'sign-in') return { type: 'next', state: await journey.chooseSignIns(state) };
    if (fields['way'] === 'done') return { type: 'next', state: await journey.confirmToken(state) };
    const made = await journey.makeToken(state);
    const next = { ...context, state: made.state };
    return { type: 'page', state: made.state, body: <Push context={next} token={made.token} hint={null} /> };
  },
};

function Way({
  csrf,
  way,
  children,
}: {
  readonly csrf: string;
  readonly way: 'token' | 'sign-in' | 'done';
  readonly children?: Markup;
}): Markup {
  return (
    <PostForm action={setupPaths.step('scim')} session={{ csrf }}>
      <input type="hidden" name="way" value={way} />
      {children}
    </PostForm>
  );
}

function Choice({ context: { state, csrf } }: { readonly context: StepContext }): Markup {
  const { isOffered } = GUIDES[connectionOf(state).idpKind].scim;
  const name = idpName(state);
  return (
    <div class="stack">
      {isOffered ? (
        <Card title="Pushed by SCIM">
          <div class="card-body stack">
            <p>
              {name} tells us about joiners, movers and leavers within seconds or minutes. This is the way to
              choose wherever it is there: leavers lose their access without anybody signing in.
            </p>
            <Way csrf={csrf} way="token">
              <button class="button" type="submit">
                Make the SCIM token
              </button>
            </Way>
          </div>
        </Card>
      ) : (
        <p class="notice">
          {name} cannot push people to applications of one’s own, so people come here with their sign-in.
        </p>
      )}
      <Card title="With their sign-in">
        <div class="card-body stack">
          <p>
            Whoever signs in here brings their name and groups along. They hold for 30 days after each
            sign-in. Leavers are noticed only then, so choose this where there is no SCIM.
          </p>
          <Way csrf={csrf} way="sign-in">
            <button class={isOffered ? 'button plain' : 'button'} type="submit">
              People come with their sign-in
            </button>
          </Way>
        </div>
      </Card>
    </div>
  );
}

function Push({
  context: { state, csrf, scimBaseUrl },
  token,
  hint,
}: {
  readonly context: StepContext;
  readonly token: string | null;
  readonly hint: string | null;
}): Markup {
  const connection = connectionOf(state);
  const values = { ...valuesOf(connection), scimBaseUrl };
  const { steps } = GUIDES[connection.idpKind].scim;
  return (
    <div>
      <div class="stack">
        {token === null ? (
          <p class="notice warn">
            A token was made (<code>{hint ?? ''}</code>) and is not shown again. If it was not copied, make a
            new one below; the old one stops working unless it is in use.
          </p>
        ) : (
          <p class="notice warn">Copy the token now: it is stored as a hash and cannot be shown again.</p>
        )}
        <Card title={`In ${idpName(state)}`}>
          <div class="card-body stack">
            {steps.length === 0 ? <Bare scimBaseUrl={scimBaseUrl} token={token} /> : null}
            <GuideSteps steps={steps} values={token === null ? values : { ...values, scimToken: token }} />
          </div>
        </Card>
      </div>
      <StepFoot>
        <Way csrf={csrf} way="done">
          <button class="button" type="submit">
            It is set up there
          </button>
        </Way>
        <Way csrf={csrf} way="token">
          <button class="button plain" type="submit">
            Make a new token
          </button>
        </Way>
        <Way csrf={csrf} way="sign-in">
          <button class="button plain" type="submit">
            No push after all: people come with their sign-in
          </button>
        </Way>
      </StepFoot>
    </div>
  );
}

function Bare({
  scimBaseUrl,
  token,
}: {
  readonly scimBaseUrl: string;
  readonly token: string | null;
}): Markup {
  return (
    <Fragment>
      <CopyValue id="scim-base-url" label="the SCIM address" value={scimBaseUrl} />
      {token === null ? null : <CopyValue id="scim-token" label="the token" value={token} />}
    </Fragment>
  );
}
