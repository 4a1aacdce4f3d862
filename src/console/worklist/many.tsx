import { z } from 'zod';
import type { ManyAction, ManyOutcome } from '../../administration/worklist-many.js';
import { AppError } from '../../domain/errors.js';
import type { PageContext } from '../kit/context.js';
import { formFields, readForm } from '../kit/form.js';
import { formatCount } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { assigneeOf } from './assignee.js';

const FIELD = 'task.';
const form = z.object({
  what: z.enum(['claim', 'assign', 'release', 'done', 'dismiss'], 'Choose what to do with the marked tasks.'),
  words: z.string().max(1_000).default(''),
});

/** The mark of one task in a list; the form is the one around the list. */
export function TaskMark({
  task,
}: {
  readonly task: { readonly id: string; readonly title: string };
}): Markup {
  return (
    <label class="tick">
      <input type="checkbox" name={`${FIELD}${task.id}`} value="yes" />
      <span class="hidden">Mark: {task.title}</span>
    </label>
  );
}

/** One button, so that the enter key can do nothing but what was chosen. */
export function ManyBar(): Markup {
  return (
    <fieldset class="many">
      <legend class="row spread">
        <span>With the marked tasks</span>
        <label class="tick" data-scripted hidden>
          <input type="checkbox" data-mark-all={FIELD} /> <span class="small">Mark all on this page</span>
        </label>
      </legend>
      <div class="field">
        <label for="what">What to do</label>
        <select id="what" name="what" required>
          <option value="">Choose</option>
          <option value="claim">Claim them</option>
          <option value="assign">Assign them to …</option>
          <option value="release">Give them back</option>
          <option value="done">Mark them as done</option>
          <option value="dismiss">Close them as not needed, because …</option>
        </select>
      </div>
      <div class="field search">
        <label for="words">To whom, or why</label>
        <input id="words" name="words" maxlength="500" autocomplete="off" />
      </div>
      <button class="button plain" type="submit">
        Do it
      </button>
    </fieldset>
  );
}

export function markedTasks({ request }: PageContext): readonly string[] {
  const ids = Object.keys(formFields(request)).filter((name) => name.startsWith(FIELD));
  if (ids.length > 0) return ids.map((name) => name.slice(FIELD.length));
  throw new AppError('invalid', 'No task is marked, so nothing was changed. Mark some in the list first.');
}

export function chosenAction({ request, session }: PageContext): ManyAction {
  const { what, words } = readForm(request, form);
  switch (what) {
    case 'claim':
      return { type: 'assign', assignee: assigneeOf(session) };
    case 'assign':
      return { type: 'assign', assignee: words };
    case 'release':
      return { type: 'assign', assignee: null };
    case 'done':
      return { type: 'done' };
    case 'dismiss':
      return { type: 'dismiss', reason: words };
  }
}

/** What did not work, each with its reason; null where everything did. */
export function refusedWords({ changed, refused }: ManyOutcome): string | null {
  if (refused.length === 0) return null;
  const done = formatCount(changed.length, 'task was changed', 'tasks were changed');
  const left = refused.map(({ title, message }) => (title === null ? message : `“${title}”: ${message}`));
  return `${done}, ${String(refused.length)} not. ${[...new Set(left)].join(' ')}`;
}
