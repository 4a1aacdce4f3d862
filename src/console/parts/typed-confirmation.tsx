import { h, type Child, type Markup } from '../markup/markup.js';
import type { SignedIn } from '../ports.js';
import { PostForm } from './post-form.js';

/** Something that cannot be taken back: its name is typed first. */
export function TypedConfirmation({
  action,
  session,
  word,
  button,
  children,
}: {
  readonly action: string;
  readonly session: SignedIn;
  readonly word: string;
  readonly button: string;
  /** Fields that are sent along. */
  readonly children?: Child;
}): Markup {
  return (
    <PostForm action={action} session={session} class="confirm">
      {children}
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
