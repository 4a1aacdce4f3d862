import type { TaskRow } from '../../administration/worklist.js';
import type { Step } from '../../manual/ports.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago, formatDistance } from '../kit/format.js';
import { icons } from '../layout/icons.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';

/** The steps of one person's checklist: the next one open, the rest in a line each. */
export function ChecklistCard({
  context,
  task,
  steps,
}: {
  readonly context: PageContext;
  readonly task: TaskRow;
  readonly steps: readonly Step[];
}): Markup {
  const current = steps.filter(({ state }) => state !== 'withdrawn');
  const withdrawn = steps.filter(({ state }) => state === 'withdrawn');
  const done = current.filter(({ state }) => state !== 'open').length;
  const next = current.find(({ state }) => state === 'open');
  return (
    <Card
      title="Checklist"
      aside={<span class="quiet small">{`${String(done)} of ${String(current.length)} done`}</span>}
    >
      <div class="card-body stack-s">
        <progress
          max={String(Math.max(1, current.length))}
          value={String(done)}
          aria-label="Steps done"
        ></progress>
        <Clock task={task} now={context.now} />
        <ol class="checklist">
          {current.map((step) => (
            <StepItem context={context} step={step} isNext={step.id === next?.id} />
          ))}
        </ol>
        {withdrawn.length === 0 ? null : (
          <details>
            <summary>{`Not wanted any more (${String(withdrawn.length)})`}</summary>
            <p class="quiet small">
              If you did one of these before it was withdrawn, say so: Patchbay then sees to what follows.
            </p>
            <ol class="checklist">
              {withdrawn.map((step) => (
                <StepItem context={context} step={step} isNext={false} />
              ))}
            </ol>
          </details>
        )}
      </div>
    </Card>
  );
}

function Clock({ task, now }: { readonly task: TaskRow; readonly now: Date }): Markup | null {
  if (!task.isUrgent || task.state !== 'open' || task.dueAt === null) return null;
  const isLate = task.dueAt < now;
  return (
    <p class={isLate ? 'notice bad' : 'notice warn'}>
      {isLate
        ? `This person still has access, and the time for it ran out ${formatDistance(task.dueAt, now)}.`
        : `This person still has access until the steps are done. Time runs out ${formatDistance(task.dueAt, now)}.`}
    </p>
  );
}

interface StepShown {
  readonly context: PageContext;
  readonly step: Step;
  readonly isNext: boolean;
}

function StepItem({ context, step, isNext }: StepShown): Markup {
  const isDone = step.state === 'confirmed' || step.state === 'settled';
  return (
    <li class={isDone ? 'done' : undefined} id={`step-${step.id}`}>
      <details open={isNext}>
        <summary>
          <span>{step.title}</span> {isDone ? <Badge tone="good">Done</Badge> : null}
          {step.isUrgent && step.state === 'open' ? <Badge tone="bad">Urgent</Badge> : null}
        </summary>
        {isDone ? <ConfirmedLine step={step} now={context.now} /> : null}
        <ol class="steps">
          {step.instructions.map((line) => (
            <li>{line}</li>
          ))}
        </ol>
        {isDone ? (
          <TakeBack context={context} step={step} />
        ) : (
          <StepActions context={context} step={step} isNext={isNext} />
        )}
      </details>
    </li>
  );
}

function ConfirmedLine({ step, now }: { readonly step: Step; readonly now: Date }): Markup | null {
  if (step.confirmedAt === null) return null;
  const how = step.confirmedThrough === 'import' ? 'Shown by a list that was imported by' : 'Confirmed by';
  return (
    <p class="quiet small">
      {how} {step.confirmedBy ?? 'nobody in particular'} <Ago at={step.confirmedAt} now={now} />
    </p>
  );
}

/** What is beyond taking back is refused by the server, which says what to do instead. */
function TakeBack({ context, step }: Pick<StepShown, 'context' | 'step'>): Markup | null {
  if (step.confirmedThrough !== 'person' || !can(context, 'worklist:work')) return null;
  return (
    <PostForm action={paths.task(step.taskId, `/steps/${step.id}/undo`)} session={context.session}>
      <button class="button plain" type="submit">
        I had not done this
        <span class="hidden">: {step.title}</span>
      </button>
    </PostForm>
  );
}

function StepActions({ context, step, isNext }: StepShown): Markup {
  return (
    <div class="row">
      {can(context, 'worklist:work') ? (
        <PostForm
          action={paths.task(step.taskId, `/steps/${step.id}/confirm`)}
          session={context.session}
          class={step.typed === null ? '' : 'confirm'}
        >
          {step.typed === null ? null : (
            <div class="field">
              <label for={`typed-${step.id}`}>
                Type <code>{step.typed}</code>, as the phone system asked you to
              </label>
              <input id={`typed-${step.id}`} name="typed" required autocomplete="off" />
            </div>
          )}
          <button class={buttonClass(step, isNext)} type="submit">
            {step.state === 'withdrawn' ? 'I had done this' : 'I have done this'}
            <span class="hidden">: {step.title}</span>
          </button>
        </PostForm>
      ) : null}
      {step.link === null ? null : (
        <a class="button plain" href={step.link} rel="noreferrer noopener" target="_blank">
          Open the page
          <icons.external />
          <span class="hidden"> in a new tab</span>
        </a>
      )}
    </div>
  );
}

function buttonClass({ typed }: Step, isNext: boolean): string {
  if (typed !== null) return 'button danger';
  return isNext ? 'button' : 'button plain';
}
