import { AppError } from '../../../domain/errors.js';
import { IDP_KINDS } from '../../../sso/connection.js';
import { IDP_WORDS } from '../../../sso/idp-words.js';
import { h } from '../../markup/markup.js';
import { PostForm } from '../../parts/post-form.js';
import { setupPaths } from '../paths.js';
import type { StepPage } from '../step.js';

const NAMES = Object.fromEntries(
  IDP_KINDS.map((kind) => [kind, kind === 'generic' ? 'Another one (SAML 2.0)' : IDP_WORDS[kind].name]),
);

/** Which identity provider: the words of every later step depend on it. */
export const idpStep: StepPage = {
  title: () => 'Which identity provider do you use?',
  show: ({ state, csrf }) =>
    Promise.resolve(
      <PostForm action={setupPaths.step('idp')} session={{ csrf }} class="stack">
        <p class="lead">
          Where your colleagues sign in today. The next steps use its own words and show what to paste where.
        </p>
        <div class="picks">
          {IDP_KINDS.map((kind) => {
            const isChosen = state.link.progress.idpKind === kind;
            return (
              <button class={isChosen ? 'pick chosen' : 'pick'} type="submit" name="kind" value={kind}>
                <span class="pick-mark" aria-hidden="true">
                  {kind === 'generic' ? '···' : (NAMES[kind] ?? '').slice(0, 1)}
                </span>
                <span>
                  {NAMES[kind]}
                  {isChosen ? <span class="block quiet small">Chosen</span> : null}
                </span>
              </button>
            );
          })}
        </div>
      </PostForm>,
    ),
  async submit({ journey, state, fields }) {
    const kind = IDP_KINDS.find((known) => known === fields['kind']);
    if (kind === undefined) throw new AppError('invalid', 'Choose one of the identity providers.');
    return { type: 'next', state: await journey.chooseIdp(state, kind) };
  },
};
