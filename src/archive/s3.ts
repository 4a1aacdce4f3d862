import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { ArchiveSink } from '../deprovision/archive/ports.js';

export interface BucketSettings {
  readonly bucket: string;
  readonly region: string;
  /** null: AWS. */
  readonly endpoint: string | null;
  readonly pathStyle: boolean;
  /** Begins the key of every object. */
  readonly prefix: string;
}

export interface BucketCredential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface BucketAccess {
  readonly settings: BucketSettings;
  readonly credential: BucketCredential;
  /** Connections that go only where requests of ours may go. */
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/** S3's smallest part. One part of one object at a time is in memory. */
const PART_BYTES = 5 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/** An archive in an S3-compatible bucket: long objects go in parts, and an upload that fails leaves none behind. */
export function makeBucketSink({ settings, credential, ...agents }: BucketAccess): ArchiveSink {
  const { bucket, region, endpoint, pathStyle, prefix } = settings;
  const client = new S3Client({
    region,
    ...(endpoint === null ? {} : { endpoint }),
    forcePathStyle: pathStyle,
    credentials: { accessKeyId: credential.accessKeyId, secretAccessKey: credential.secretAccessKey },
    requestHandler: { ...agents, requestTimeout: TIMEOUT_MS, connectionTimeout: TIMEOUT_MS },
    // Checksums beyond what each operation demands are not understood by every compatible store; what was written
    // is read again and hashed anyway.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    place: `s3:${endpoint ?? 'aws'}/${bucket}/${prefix}`,
    async write(key, body, contentType) {
      await new Upload({
        client,
        params: { Bucket: bucket, Key: prefix + key, Body: Readable.from(body), ContentType: contentType },
        partSize: PART_BYTES,
        queueSize: 1,
      }).done();
    },
    async read(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: prefix + key }));
        return Body === undefined ? null : (Body as AsyncIterable<Uint8Array>);
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw error;
      }
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: prefix + key }));
    },
  };
}
