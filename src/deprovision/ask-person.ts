import { changeDigestInput } from '../domain/planning/digest.js';
import { digestOf } from '../lib/canonical-json.js';
import type { DeletionJudgement, DeletionTurn } from '../reconcile/ports.js';
import { confirmDeleted } from './aftermath.js';
import { hashManifest, type Manifest } from './manifest.js';
import type { Deletion, DeletionDeps } from './ports.js';
import { auditOf } from './records.js';

const RECHECK_MS = 60 * 60_000;

/**
 * Where no program can delete, a person is asked to, now that it is due and every guard has passed. Whether it was
 * done is found out by looking, as with every other deletion: nothing is recorded for having been asked.
 */
export async function askPerson(
  deps: DeletionDeps,
  turn: DeletionTurn,
  due: {
    readonly deletion: Deletion;
    readonly judged: Extract<DeletionJudgement, { type: 'delete' }>;
    readonly manifest: Manifest;
  },
): Promise<void> {
  const { deletion, judged, manifest } = due;
  const [change] = judged.plan.changes;
  if (change === undefined) return;
  const act = { type: 'delete-agent', providerUserId: deletion.providerUserId } as const;
  const outcome = await turn.vendor.provider.write(act);
  if (outcome.result !== 'awaiting') return confirmDeleted(deps, turn, deletion, outcome.result);
  const manifestHash = hashManifest(manifest);
  const instructions = [...manifestLines(manifest, manifestHash), ...outcome.step.instructions];
  const at = deps.clock.now();
  await deps.deletions.ask(turn.account, deletion, {
    step: {
      id: deps.newId(),
      taskId: deps.newId(),
      digest: digestOf(changeDigestInput(change)),
      change,
      act,
      row: null,
      vendorName: turn.vendor.displayName,
      words: { ...outcome.step, instructions },
    },
    manifest,
    manifestHash,
    manifestSignature: await deps.signer.sign(turn.account.tenantId, manifest),
    at,
    recheckAt: new Date(at.getTime() + RECHECK_MS),
    audit: auditOf(turn, deletion, 'deletion.asked', { manifestHash }),
  });
}

/** What has to be looked for before the person is gone for good. */
function manifestLines({ held, email }: Manifest, hash: string): readonly string[] {
  const numbers = held?.numbers.map(({ number, kind }) => `${number} (${kind})`) ?? [];
  const lines = numbers.length === 0 ? 'no phone number' : numbers.join(', ');
  return [
    `The retention manifest ${hash.slice(0, 12)} says that ${email} held ${lines} when access was taken. Keep what belongs to it before anything is removed.`,
  ];
}
