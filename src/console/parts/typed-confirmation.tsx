import { h, type Markup } from '../markup/markup.js';
import type { SignedIn } from '../ports.js';
import { PostForm } from './post-form.js';

/** Something that cannot be taken back: its name is typed first. */
export function TypedConfirmation({
  action,
  session,
  word,
  button,
}: {
  readonly action: string;
  readonly session: SignedIn;
  readonly word: string;
  readonly button: string;
}): Markup {
  return (
    <PostForm action={action} session={session} class="confirm">
      <div class="field">
        <label for="typed">
          Type <code>{word}</code> to confirm
        </label>
        <input id="typed" name="typed" required autocomplete="off" />
      </div>
      <button class="button danger" type="submit">
        {button}
      </button>
    </PostForm>
  );
}
