import { CSRF_FIELD } from '../kit/form.js';
import { h, type Child, type Markup } from '../markup/markup.js';
import type { SignedIn } from '../ports.js';

/** A form that changes something: always posts, always carries the session's token. */
export function PostForm({
  action,
  session,
  children,
  class: className,
  id,
}: {
  readonly action: string;
  readonly session: Pick<SignedIn, 'csrf'>;
  readonly children?: Child;
  readonly class?: string;
  readonly id?: string;
}): Markup {
  return (
    <form method="post" action={action} class={className} id={id}>
      <input type="hidden" name={CSRF_FIELD} value={session.csrf} />
      {children}
    </form>
  );
}
