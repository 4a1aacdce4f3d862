import { h, type Child, type Markup } from '../markup/markup.js';
import { Card, PageHead } from './blocks.js';

/** A token, or another secret with a warning of its own, that is shown this once. */
export function NewSecretPage({
  title,
  token,
  warning = 'Copy the token now: it is stored as a hash and cannot be shown again.',
  back,
  children,
}: {
  readonly title: string;
  readonly token: string;
  readonly warning?: string;
  readonly back: { readonly href: string; readonly label: string };
  readonly children?: Child;
}): Markup {
  return (
    <div>
      <PageHead title={title} crumbs={back} />
      <Card>
        <div class="card-body stack">
          <p class="notice warn">{warning}</p>
          <code class="secret" id="token">
            {token}
          </code>
          {children}
          <p>
            <a class="button" href={back.href}>
              I have copied it
            </a>
          </p>
        </div>
      </Card>
    </div>
  );
}

/** Asks once more before a token ends. */
export function RevokePage({
  name,
  hint,
  back,
  children,
}: {
  readonly name: string;
  readonly hint: string;
  readonly back: { readonly href: string; readonly label: string };
  /** The form. */
  readonly children?: Child;
}): Markup {
  return (
    <div>
      <PageHead title={`Revoke “${name}”?`} crumbs={back} />
      <Card>
        <div class="card-body stack">
          <p>
            <code>{hint}</code> stops working within seconds, for good. Whoever still uses it is refused.
          </p>
          {children}
        </div>
      </Card>
    </div>
  );
}
