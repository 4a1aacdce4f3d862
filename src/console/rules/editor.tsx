import type { Notice } from '../../domain/plan.js';
import type { ImpactOnAccount } from '../../domain/impact.js';
import { heldBecause } from '../../rules/changes.js';
import type { PageContext } from '../kit/context.js';
import { formatCount } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';
import { ImpactCard } from './impact.js';

/** What a check of the text brought. */
export type Checked =
  | { readonly type: 'refused'; readonly message: string }
  | {
      readonly type: 'fine';
      readonly ruleCount: number;
      readonly notices: readonly Notice[];
      readonly impact: readonly ImpactOnAccount[];
      /** It was to be saved, and was not because of its impact. */
      readonly isHeld: boolean;
    };

/** The rule file as text, its impact on demand, and the way to save it. */
export function EditorPage({
  context,
  text,
  note,
  checked,
}: {
  readonly context: PageContext;
  readonly text: string;
  readonly note: string;
  readonly checked: Checked | null;
}): Markup {
  return (
    <div>
      <PageHead
        title="Edit the rules"
        lead="Nothing happens until you save. Look at the impact first: who gains, who loses, and how long it takes."
        crumbs={{ href: paths.rules(), label: 'Groups and rules' }}
      />
      <div class="stack">
        <div id="checked" aria-live="polite">
          {checked === null ? null : <CheckedView checked={checked} />}
        </div>
        <Card>
          <PostForm action={paths.rules('/save')} session={context.session} class="card-body stack">
            <div class="field">
              <label for="text">Rules (YAML)</label>
              <textarea id="text" name="text" class="code" spellcheck="false" autocapitalize="off" required>
                {`\n${text}`}
              </textarea>
            </div>
            <div class="field">
              <label for="note">Why, for the history</label>
              <input id="note" name="note" value={note} maxlength="300" autocomplete="off" />
            </div>
            <div class="row">
              <button
                class="button plain"
                type="submit"
                formaction={paths.rules('/check')}
                hx-post={paths.rules('/check')}
                hx-target="#checked"
                hx-swap="innerHTML show:top"
              >
                Check and show the impact
              </button>
              {checked?.type === 'fine' && checked.isHeld ? (
                <button class="button danger" type="submit" name="losses" value="skip">
                  Save all the same
                </button>
              ) : (
                <button class="button" type="submit">
                  Save as the newest version
                </button>
              )}
            </div>
          </PostForm>
        </Card>
      </div>
    </div>
  );
}

/** What stands above the text after a check. */
export function CheckedView({ checked }: { readonly checked: Checked }): Markup {
  if (checked.type === 'refused') {
    return (
      <p class="notice bad pre" role="alert">
        {checked.message}
      </p>
    );
  }
  return (
    <div class="stack">
      {checked.isHeld ? (
        <p class="notice warn pre" role="alert">
          {heldBecause(checked.impact)} If it is meant, save all the same: what people lose still waits for
          approval as a plan.
        </p>
      ) : (
        <p class="notice good">{formatCount(checked.ruleCount, 'rule', 'rules')}, no errors.</p>
      )}
      {checked.notices.length === 0 ? null : (
        <section class="notice warn stack-s" aria-label="What cannot be held">
          <h2>What the phone systems cannot hold</h2>
          <ul class="stack-s">
            {checked.notices.map(({ message }) => (
              <li>{message}</li>
            ))}
          </ul>
        </section>
      )}
      {checked.impact.map((impact) => (
        <ImpactCard impact={impact} />
      ))}
    </div>
  );
}
