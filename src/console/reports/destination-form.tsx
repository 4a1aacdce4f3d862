import { DESTINATION_KINDS, type DestinationKind } from '../../report/delivery/ports.js';
import type { PageContext } from '../kit/context.js';
import { formFields } from '../kit/form.js';
import { h, type Markup } from '../markup/markup.js';
import { Card } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';

export const KIND_WORDS: Readonly<Record<DestinationKind, string>> = {
  email: 'E-mail',
  webhook: 'Signed webhook',
  slack: 'Slack-compatible chat',
};

/** Adds somebody who gets reports; keeps what was typed where it was refused. */
export function NewDestination({ context }: { readonly context: PageContext }): Markup {
  const sent = formFields(context.request);
  const isOpen = context.problem !== null;
  return (
    <Card title="Send reports to somebody else">
      <div class="card-body">
        <details open={isOpen}>
          <summary>Add a destination</summary>
          <PostForm action={paths.reportDestinations()} session={context.session} class="stack">
            <div class="fields wide">
              <Field name="name" label="Name, such as weekly" value={sent['name'] ?? ''} required />
              <div class="field">
                <label for="kind">How</label>
                <select id="kind" name="kind">
                  {DESTINATION_KINDS.map((kind) => (
                    <option value={kind} selected={kind === sent['kind']}>
                      {KIND_WORDS[kind]}
                    </option>
                  ))}
                </select>
              </div>
              <div class="field">
                <label for="targets">To</label>
                <textarea id="targets" name="targets" rows="3" aria-describedby="targets-hint">
                  {`\n${sent['targets'] ?? ''}`}
                </textarea>
                <p class="hint" id="targets-hint">
                  E-mail: one address a line; none: the contacts for reports. Webhook and chat: one address
                  that begins with https://.
                </p>
              </div>
              <Field
                name="cron"
                label="When"
                value={sent['cron'] ?? '0 7 * * 1'}
                hint="Minute, hour, day of month, month, day of week: 0 7 * * 1 is Mondays at seven"
                required
              />
              <Field
                name="timeZone"
                label="Time zone of the schedule and of the report"
                value={sent['timeZone'] ?? 'UTC'}
                required
              />
            </div>
            <label class="choice">
              <input type="checkbox" name="always" value="yes" checked={sent['always'] === 'yes'} />
              <span>Also when nothing changed</span>
            </label>
            <div>
              <button class="button" type="submit">
                Add it
              </button>
            </div>
          </PostForm>
        </details>
      </div>
    </Card>
  );
}

function Field({
  name,
  label,
  value,
  hint,
  required = false,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly required?: boolean;
}): Markup {
  const hintId = hint === undefined ? undefined : `${name}-hint`;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        value={value}
        required={required}
        maxlength="100"
        autocomplete="off"
        aria-describedby={hintId}
      />
      {hint === undefined ? null : (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  );
}
