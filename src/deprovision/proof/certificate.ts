import type { ChosenSuccessor } from '../../domain/handover.js';
import type { ArchiveTally } from '../archive/ports.js';
import type { Manifest } from '../manifest.js';
import type { Deletion } from '../deletion.js';
import type { Proof } from './proof.js';

/** What stands at the end of a permanent deletion: what was kept, and that the agent is gone. Moments are ISO 8601. */
export interface Certificate {
  readonly format: 1;
  readonly type: 'retention-certificate';
  readonly tenantId: string;
  readonly account: { readonly id: string; readonly name: string; readonly vendor: string };
  readonly deletionId: string;
  readonly agent: { readonly id: string; readonly email: string; readonly personId: string };
  readonly dueAt: string;
  readonly deletedAt: string | null;
  /** Whose approval it had; empty where the account asks for none. */
  readonly approvedBy: readonly string[];
  readonly manifest: {
    readonly sha256: string;
    readonly lines: readonly string[];
    /** null: the vendor has no list of calls. */
    readonly calls: number | null;
    readonly recordings: number;
    readonly voicemails: number;
    /** Calls from before were out of the vendor's reach. */
    readonly callsFrom: string;
    readonly callsThrough: string;
  } | null;
  readonly archive: {
    readonly policy: string;
    readonly stored: number;
    readonly bytes: number;
    /** Let go by a person, because they could not be fetched. */
    readonly waived: number;
    /** Read again after the deletion, with the hash that was written. */
    readonly rehashed: number;
    readonly damaged: number;
    /** Over every object's call, kind, size and hash, in order. */
    readonly rootSha256: string;
  };
  readonly proof: {
    readonly goneAt: string;
    readonly absentAt: string | null;
    readonly agentsListed: number | null;
    readonly samples: { readonly asked: number; readonly answered: number } | null;
  };
  /** Lines that rang nobody but this person when the deletion was carried out. */
  readonly linesWithoutAnyone: readonly string[];
  /** Who was to take the lines over, as a person decided; null: nobody was chosen. */
  readonly successor: string | null;
  /** Whether everything that was promised holds; otherwise `remarks` says what does not. */
  readonly isClean: boolean;
  readonly remarks: readonly string[];
  readonly issuedAt: string;
}

export interface CertificateInput {
  readonly tenantId: string;
  readonly account: Certificate['account'];
  readonly deletion: Deletion;
  readonly approvedBy: readonly string[];
  readonly manifest: { readonly manifest: Manifest; readonly hash: string } | null;
  readonly archive: {
    readonly policy: string;
    readonly tally: ArchiveTally;
    readonly rootHash: string;
  };
  readonly proof: Proof;
  readonly linesWithoutAnyone: readonly string[];
  readonly successor: ChosenSuccessor | null;
  readonly now: Date;
}

/** The certificate as plain data; what is wrong is said in words, never left out. */
export function writeCertificate(input: CertificateInput): Certificate {
  const { deletion, manifest, archive, proof, now } = input;
  const remarks = remarksOf(input);
  return {
    format: 1,
    type: 'retention-certificate',
    tenantId: input.tenantId,
    account: input.account,
    deletionId: deletion.id,
    agent: { id: deletion.providerUserId, email: deletion.email, personId: deletion.subjectId },
    dueAt: deletion.dueAt.toISOString(),
    deletedAt: deletion.deletedAt?.toISOString() ?? null,
    approvedBy: input.approvedBy,
    manifest: manifest === null ? null : manifestPart(manifest),
    archive: {
      policy: archive.policy,
      stored: archive.tally.stored,
      bytes: archive.tally.bytes,
      waived: archive.tally.waived,
      rehashed: archive.tally.checked - archive.tally.damaged,
      damaged: archive.tally.damaged,
      rootSha256: archive.rootHash,
    },
    proof: proofPart(proof),
    linesWithoutAnyone: input.linesWithoutAnyone,
    successor: successorWords(input.successor),
    isClean: remarks.length === 0,
    remarks,
    issuedAt: now.toISOString(),
  };
}

function manifestPart({
  manifest,
  hash,
}: {
  readonly manifest: Manifest;
  readonly hash: string;
}): Certificate['manifest'] {
  const calls = manifest.calls ?? [];
  return {
    sha256: hash,
    lines: manifest.lines,
    calls: manifest.calls === null ? null : calls.length,
    recordings: calls.filter(({ hasRecording }) => hasRecording).length,
    voicemails: calls.filter(({ hasVoicemail }) => hasVoicemail).length,
    callsFrom: new Date(manifest.callsFrom).toISOString(),
    callsThrough: new Date(manifest.callsThrough).toISOString(),
  };
}

function proofPart({ goneAt, absence, samples }: Proof): Certificate['proof'] {
  return {
    goneAt: new Date(goneAt).toISOString(),
    absentAt: absence === null ? null : new Date(absence.at).toISOString(),
    agentsListed: absence?.listed ?? null,
    samples:
      samples === null
        ? null
        : { asked: samples.length, answered: samples.filter(({ answers }) => answers).length },
  };
}

function remarksOf(input: CertificateInput): readonly string[] {
  const { manifest, archive, proof } = input;
  const { tally } = archive;
  const silent = (proof.samples ?? []).filter(({ answers }) => !answers).length;
  return [
    ...(manifest === null
      ? ['The agent was gone before Patchbay could list its calls: somebody else deleted it.']
      : []),
    ...(silent > 0
      ? [
          `${String(silent)} of ${String(proof.samples?.length)} sampled recordings do not answer from the line.`,
        ]
      : []),
    ...(tally.damaged > 0
      ? [`${String(tally.damaged)} archived objects differ from what was written, or are gone.`]
      : []),
    ...(tally.waived > 0
      ? [`${String(tally.waived)} recordings could not be fetched and were let go by a person.`]
      : []),
    ...(tally.pending + tally.missing > 0
      ? [`${String(tally.pending + tally.missing)} recordings had not been fetched when the agent was gone.`]
      : []),
    ...input.linesWithoutAnyone.map((line) => `Line ${line} rings nobody since this person left.`),
  ];
}

function successorWords(successor: ChosenSuccessor | null): string | null {
  if (successor === null) return null;
  return successor.type === 'person' ? successor.email : `team ${successor.team}`;
}
