import type { SetupStep } from '../../sso/setup-ports.js';
import { isReachable, stepsOf, type SetupState } from '../../sso/setup/state.js';
import { formatDistance } from '../kit/format.js';
import { Mark, icons } from '../layout/icons.js';
import { renderDocument } from '../layout/document.js';
import { h, type Child, type Markup } from '../markup/markup.js';
import { setupPaths } from './paths.js';
import { STEP_LABELS } from './words.js';

export interface SetupFrame {
  readonly state: SetupState;
  readonly step: SetupStep;
  readonly title: string;
  readonly body: Markup;
  readonly problem: string | null;
  readonly now: Date;
}

/** A step of the set-up as a whole document. */
export function renderSetupPage({ state, step, title, body, problem, now }: SetupFrame): string {
  const { done } = state.link.progress;
  const steps = stepsOf(state.link.progress);
  const index = steps.indexOf(step);
  return renderDocument({
    title,
    body: (
      <div>
        <StepHead
          kicker={`Step ${String(index + 1)} of ${String(steps.length)}`}
          title={title}
          before={steps[index - 1]}
        />
        {body}
      </div>
    ),
    guide: <Guide state={state} step={step} done={new Set(done)} now={now} />,
    session: null,
    waiting: null,
    path: '',
    flash: null,
    problem,
    signOutPath: '',
  });
}

/** On a narrow screen the steps are hidden, so the way back stands here. */
function StepHead({
  kicker,
  title,
  before,
}: {
  readonly kicker: string;
  readonly title: string;
  readonly before: SetupStep | undefined;
}): Markup {
  return (
    <div class="step-head">
      <p class="kicker">
        {kicker}
        {before === undefined ? null : (
          <a class="step-back" href={setupPaths.step(before)}>
            Back to “{STEP_LABELS[before]}”
          </a>
        )}
      </p>
      <h1>{title}</h1>
    </div>
  );
}

function Guide({
  state,
  step,
  done,
  now,
}: {
  readonly state: SetupState;
  readonly step: SetupStep;
  readonly done: ReadonlySet<SetupStep>;
  readonly now: Date;
}): Markup {
  const { tenant, link } = state;
  const steps = stepsOf(link.progress);
  const doneCount = steps.filter((one) => done.has(one)).length;
  return (
    <header class="guide">
      <p class="brand">
        <Mark />
        <span>Patchbay</span>
      </p>
      <div class="guide-for">
        <p class="strong">{tenant.name}</p>
        <p class="quiet small">{link.label}</p>
      </div>
      <div class="guide-brief">
        <progress value={doneCount} max={steps.length} aria-label="Steps that are done">
          {doneCount} of {steps.length}
        </progress>
        <p class="quiet small">
          {doneCount} of {steps.length} steps done
        </p>
      </div>
      <nav aria-label="Steps">
        <ol class="plain guide-steps">
          {steps.map((one, index) => (
            <li>
              <StepLink
                state={state}
                step={one}
                number={index + 1}
                isDone={done.has(one)}
                isCurrent={one === step}
              />
            </li>
          ))}
        </ol>
      </nav>
      <p class="guide-foot quiet small">
        Every step is saved. Open the link again to go on, here or on another computer; it expires{' '}
        {formatDistance(link.expiresAt, now)}.
      </p>
    </header>
  );
}

function StepLink(shown: {
  readonly state: SetupState;
  readonly step: SetupStep;
  readonly number: number;
  readonly isDone: boolean;
  readonly isCurrent: boolean;
}): Markup {
  const { step, number, isDone, isCurrent } = shown;
  const dot = <span class="dot">{isDone ? <icons.check /> : number}</span>;
  const words = (
    <span>
      {STEP_LABELS[step]}
      {isDone ? <span class="hidden"> (done)</span> : null}
    </span>
  );
  if (!isReachable(shown.state.link.progress, step)) {
    return (
      <span class="todo">
        {dot}
        {words}
      </span>
    );
  }
  return (
    <a
      href={setupPaths.step(step)}
      class={isDone ? 'done' : undefined}
      aria-current={isCurrent ? 'step' : undefined}
    >
      {dot}
      {words}
    </a>
  );
}

/** The way on, and whatever else can be done, below a step. */
export function StepFoot({ children }: { readonly children?: Child }): Markup {
  return <div class="step-foot">{children}</div>;
}
