import { digestOf } from '../../lib/canonical-json.js';
import type { DeletionTurn } from '../../reconcile/ports.js';
import { putOffAfter } from '../aftermath.js';
import { archiveDocument } from '../archive/run.js';
import { ArchiveUnusable, DownloadFailed, type StoredObject } from '../archive/ports.js';
import { hashOf } from '../archive/transfer.js';
import type { Manifest } from '../manifest.js';
import type { Deletion, DeletionDeps } from '../ports.js';
import { auditOf } from '../records.js';
import { writeCertificate, type Certificate } from './certificate.js';
import { chooseSamples, type Proof, type Sample } from './proof.js';

const BATCH = 50;

/**
 * Proof after the deletion: the vendor neither knows nor lists the agent, recordings still answer from the line, what
 * was archived reads as it was written. Ends with the signed certificate. Long work is done over several turns.
 */
export async function verifyDeleted(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
): Promise<void> {
  const stored = await deps.deletions.loadManifest(turn.account, deletion.id);
  const proof =
    (await deps.deletions.loadProof(turn.account, deletion.id)) ??
    (await prove(deps, turn, deletion, stored?.manifest ?? null));
  if (proof === null) return;
  deps.checkpoint('verify:proved');
  if (!(await rehash(deps, turn, deletion))) return;
  deps.checkpoint('verify:rehashed');
  const certificate = await issue(deps, turn, deletion, proof);
  const hash = digestOf(certificate);
  const signature = await deps.signer.sign(turn.account.tenantId, certificate);
  await archiveDocument(deps, turn, `${deletion.id}/certificate.json`, {
    document: certificate,
    hash,
    signature,
  });
  deps.checkpoint('verify:documented');
  if (!certificate.isClean) {
    deps.log.error({ deletionId: deletion.id, remarks: certificate.remarks }, 'certificate with remarks');
  }
  const audit = auditOf(turn, deletion, 'deletion.verified', {
    certificate: hash,
    signature: signature.value,
    keyId: signature.keyId,
    isClean: certificate.isClean,
    remarks: certificate.remarks,
  });
  const end = { at: deps.clock.now(), certificate, hash, signature, audit };
  await deps.deletions.recordVerified(turn.account, deletion.id, end);
  deps.checkpoint('delete:verified');
}

/** null: the agent is still there, so it is looked at again later. It is never deleted a second time. */
async function prove(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  manifest: Manifest | null,
): Promise<Proof | null> {
  const { provider } = turn.vendor;
  const { providerUserId } = deletion;
  const agent = await provider.findAgent({ by: 'id', providerUserId });
  const goneAt = deps.clock.now().getTime();
  const listed = agent === null ? await listIds(turn) : null;
  if (listed === null || listed.has(providerUserId)) {
    deps.log.error({ deletionId: deletion.id }, 'an agent is still there after its deletion was confirmed');
    const message = 'The vendor confirmed the deletion and still shows the agent.';
    await putOffAfter(deps, turn, deletion, { kind: 'contract', message });
    return null;
  }
  const absence = { at: deps.clock.now().getTime(), listed: listed.size };
  const proof = { goneAt, absence, samples: await sample(deps, turn, manifest) };
  await deps.deletions.saveProof(turn.account, deletion.id, proof);
  return proof;
}

async function listIds({ vendor }: DeletionTurn): Promise<ReadonlySet<string>> {
  const { provider } = vendor;
  if (provider.listAgentIds !== undefined) return provider.listAgentIds();
  const { agents } = await provider.readAll();
  return new Set(agents.map(({ providerUserId }) => providerUserId));
}

/** Whether recordings are still with the line: the first bytes are asked for, no more. */
async function sample(
  deps: DeletionDeps,
  turn: DeletionTurn,
  manifest: Manifest | null,
): Promise<readonly Sample[] | null> {
  const { findCall } = turn.vendor.provider;
  const calls = manifest?.calls ?? null;
  if (findCall === undefined || calls === null) return null;
  const recorded = calls.filter(({ hasRecording }) => hasRecording);
  const samples: Sample[] = [];
  for (const { callId } of chooseSamples(recorded, turn.account.settings.archive.samples)) {
    const url = (await findCall(callId))?.recordingUrl ?? null;
    const answers = url !== null && (await doesAnswer(deps, url));
    samples.push({ callId, at: deps.clock.now().getTime(), answers });
  }
  return samples;
}

async function doesAnswer({ archive }: DeletionDeps, url: string): Promise<boolean> {
  try {
    const { body } = await archive.download(url);
    // Leaving the loop closes the download.
    for await (const chunk of body) return chunk.length > 0;
    return false;
  } catch (error) {
    if (error instanceof DownloadFailed) return false;
    throw error;
  }
}

/** Reads every archived object again. False: there are more, for the next turn. */
async function rehash(deps: DeletionDeps, turn: DeletionTurn, deletion: Deletion): Promise<boolean> {
  const { objects } = deps.archive;
  while (!turn.isOver()) {
    const unchecked = await objects.listUnchecked(turn.account, deletion.id, BATCH);
    if (unchecked.length === 0) return true;
    for (const one of unchecked) {
      const check = { callId: one.callId, kind: one.kind, at: deps.clock.now() };
      await objects.recordChecked(turn.account, deletion.id, {
        ...check,
        error: await damageOf(deps, turn, one),
      });
      deps.checkpoint('verify:checked');
    }
    if (await turn.isUrgentWaiting()) return false;
  }
  return false;
}

async function damageOf(deps: DeletionDeps, turn: DeletionTurn, one: StoredObject): Promise<string | null> {
  const sink = await deps.archive.openSink(turn.account);
  if (sink.place !== one.place)
    return `It lies in ${one.place}, which is not the account's archive any more.`;
  try {
    const body = await sink.read(one.objectKey);
    if (body === null) return 'It is not in the archive any more.';
    return (await hashOf(body)) === one.sha256 ? null : 'It differs from what was written.';
  } catch (error) {
    throw new ArchiveUnusable(error);
  }
}

async function issue(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  proof: Proof,
): Promise<Certificate> {
  const { account, vendor } = turn;
  const stored = await deps.deletions.loadManifest(account, deletion.id);
  const { objects } = deps.archive;
  const handover = await deps.handover.store.load(account, deletion.id);
  return writeCertificate({
    tenantId: account.tenantId,
    account: { id: account.accountId, name: account.name, vendor: vendor.displayName },
    deletion,
    approvedBy: await deps.deletions.approversOf(account, deletion),
    manifest: stored === null || stored.hash === null ? null : { ...stored, hash: stored.hash },
    archive: {
      policy: account.settings.archive.policy,
      tally: await objects.tally(account, deletion.id),
      rootHash: await objects.rootHash(account, deletion.id),
    },
    proof,
    successor: await deps.handover.store.successorOf(account, deletion.id),
    linesWithoutAnyone: (handover?.lines ?? []).map(({ number }) => number),
    now: deps.clock.now(),
  });
}
