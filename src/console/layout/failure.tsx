import { h, type Markup } from '../markup/markup.js';
import { paths } from '../paths.js';

/** What happened instead of the page, and the way back. */
export function FailurePage({
  message,
  status,
}: {
  readonly message: string;
  readonly status: number;
}): Markup {
  return (
    <div class="failure">
      <p class="failure-code">{status}</p>
      <h1>
        {status === 404
          ? 'There is nothing here'
          : status === 403
            ? 'Not for this role'
            : 'That did not work'}
      </h1>
      <p class="lead pre">{message}</p>
      <p>
        <a class="button" href={paths.home()}>
          Back to the overview
        </a>
      </p>
    </div>
  );
}
