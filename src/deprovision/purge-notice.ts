import { csvFile } from '../lib/csv.js';
import type { Mail } from '../mail/ports.js';
import type { Purge } from './purge-ports.js';

export interface PurgeNotice {
  readonly accountName: string;
  readonly dueAt: Date;
  /** Expired files in an archive that the account does not use any more. */
  readonly elsewhere: number;
  /** Of the page that names every file. */
  readonly url: string;
}

const HEAD = [
  'call_id',
  'kind',
  'retention_class',
  'expires_at',
  'bytes',
  'sha256',
  'object_key',
  'deletion_id',
];

/** Tells whoever is told of expired recordings what will be removed and when, each file in an attached table. */
export function purgeNotice({ id, objects }: Purge, notice: PurgeNotice): Mail {
  const { accountName, dueAt, elsewhere, url } = notice;
  const day = dueAt.toISOString().slice(0, 10);
  const files = objects.length === 1 ? '1 recording' : `${String(objects.length)} recordings`;
  const classes = Map.groupBy(objects, ({ retentionClass }) => retentionClass);
  const bytes = objects.reduce((sum, one) => sum + one.bytes, 0);
  return {
    kind: 'recordings',
    recipients: null,
    subject: `${files} of leavers will be removed from the archive of ${accountName} on ${day}`,
    text: [
      `The time is over for which ${files} of people who left ${objects.length === 1 ? 'is' : 'are'} kept. ${objects.length === 1 ? 'It is' : 'They are'} removed from the archive of the phone system "${accountName}" not before ${dueAt.toISOString()}; this cannot be taken back.`,
      '',
      ...[...classes].map(([name, own]) => `  - ${String(own.length)} of the class "${name}"`),
      `  - ${(bytes / 1_000_000).toFixed(1)} MB together`,
      ...(elsewhere === 0
        ? []
        : [
            '',
            `${String(elsewhere)} more have expired in an archive that this phone system does not use any more. Patchbay cannot reach it: remove them there yourself.`,
          ]),
      '',
      'To keep some of them, set a legal hold on the person before that day. Whoever is under one keeps everything.',
      `Each of them: ${url}`,
    ].join('\n'),
    attachments: [
      {
        name: `expired-recordings-${day}.csv`,
        contentType: 'text/csv; charset=utf-8',
        text: tableOf(objects),
      },
    ],
    dedupeKey: `retention:${id}`,
  };
}

function tableOf(objects: Purge['objects']): string {
  return csvFile(
    HEAD,
    objects.map((one) => [
      one.callId,
      one.kind,
      one.retentionClass,
      one.expiresAt,
      one.bytes,
      one.sha256,
      one.objectKey,
      one.deletionId,
    ]),
  );
}
