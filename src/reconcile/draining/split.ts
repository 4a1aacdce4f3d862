import type { Plan } from '../../domain/plan.js';
import { removalKind } from '../../domain/planning/removal.js';
import { indexProtections } from '../../domain/protection.js';
import type { HoldCode } from '../../domain/safety.js';
import type { Planned } from '../planning/planner.js';

/** Holds that are about many people at once; the others are about somebody in particular. */
const ABOUT_MANY: ReadonlySet<HoldCode> = new Set([
  'removal-share',
  'removal-ceiling',
  'empty-desired',
  'directory-shrank',
  'rules-changed',
  'removal-budget',
]);

/** Whether a plan was held for how many people it concerns: then further such people are judged together with it. */
export function isHeldForNumbers({ verdict }: Pick<Planned, 'verdict'>): boolean {
  return verdict.type === 'held' && verdict.holds.some(({ code }) => ABOUT_MANY.has(code));
}

/**
 * The people for whose sake a plan is held; everybody else in it need not wait. All of them where that cannot be
 * told apart.
 */
export function heldPeople(planned: Planned, now: number): ReadonlySet<string> {
  const everybody = new Set(planned.plan.changes.map(({ subjectId }) => subjectId));
  if (planned.verdict.type === 'allowed') return new Set();
  const codes = new Set(planned.verdict.holds.map(({ code }) => code));
  const causes = new Set<string>();
  if (isHeldForNumbers(planned)) addWhere(planned.plan, causes, (change) => removalKind(change) !== null);
  if (codes.has('protected-agent')) addProtected(planned, causes, now);
  if (codes.has('seat-ceiling')) addWhere(planned.plan, causes, ({ action }) => action === 'create');
  // Who flaps is known to the verdict only; whoever gains something may be meant.
  if (codes.has('flapping')) addWhere(planned.plan, causes, (change) => removalKind(change) === null);
  return causes.size === 0 ? everybody : causes;
}

function addWhere(
  { changes }: Plan,
  causes: Set<string>,
  isCause: (change: Plan['changes'][number]) => boolean,
): void {
  for (const change of changes) if (isCause(change)) causes.add(change.subjectId);
}

function addProtected({ plan, protections }: Planned, causes: Set<string>, now: number): void {
  const index = indexProtections(protections, now);
  const isProtected = (change: Plan['changes'][number]): boolean => {
    if (removalKind(change) === null) return false;
    const providerUserId = 'providerUserId' in change ? change.providerUserId : null;
    return index.fromRemoval({ providerUserId, subjectId: change.subjectId }).length > 0;
  };
  const before = causes.size;
  addWhere(plan, causes, isProtected);
  // Nobody by name: the last administrators are meant, and any of them may be.
  if (causes.size === before) addWhere(plan, causes, (change) => removalKind(change) !== null);
}
