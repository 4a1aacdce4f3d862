import { AppError } from '../../domain/errors.js';
import type { ConnectionView } from '../connection-view.js';
import type { SetupLinkView } from '../setup-links.js';
import { SETUP_STEPS, type SetupProgress, type SetupStep } from '../setup-ports.js';
import type { Tenant } from '../../tenancy/ports.js';

/** Where one set-up stands. */
export interface SetupState {
  readonly tenant: Pick<Tenant, 'id' | 'slug' | 'name'>;
  readonly link: SetupLinkView;
  /** null until the identity provider is chosen. */
  readonly connection: ConnectionView | null;
}

/** The steps of this set-up: where people come with their sign-in, there is no push to wait for. */
export function stepsOf({ source }: Pick<SetupProgress, 'source'>): readonly SetupStep[] {
  return source === 'sign-in' ? SETUP_STEPS.filter((step) => step !== 'first-request') : SETUP_STEPS;
}

/** Every step up to the first one that is not done. */
export function isReachable(progress: SetupProgress, step: SetupStep): boolean {
  const steps = stepsOf(progress);
  return steps.includes(step) && steps.indexOf(step) <= steps.indexOf(firstOpen(progress));
}

/** The step that is next to do. */
export function firstOpen(progress: SetupProgress): SetupStep {
  const open = stepsOf(progress).find((step) => !progress.done.includes(step));
  return open ?? 'go-live';
}

export function nextStep(progress: SetupProgress, step: SetupStep): SetupStep {
  const steps = stepsOf(progress);
  return steps[steps.indexOf(step) + 1] ?? 'go-live';
}

/** Marks a step as done; `reopened` are those that a change there makes doubtful. */
export function withDone(
  progress: SetupProgress,
  step: SetupStep,
  reopened: readonly SetupStep[] = [],
): SetupProgress {
  return withOpen({ ...progress, done: [...new Set([...progress.done, step])] }, reopened);
}

/** Steps that have to be done (again). */
export function withOpen(progress: SetupProgress, open: readonly SetupStep[]): SetupProgress {
  const next = { ...progress, done: progress.done.filter((one) => !open.includes(one)) };
  return { ...next, step: firstOpen(next) };
}

/** Throws AppError `conflict` before an identity provider was chosen. */
export function connectionOf({ connection }: SetupState): ConnectionView {
  if (connection !== null) return connection;
  throw new AppError('conflict', 'Choose the identity provider first.');
}
