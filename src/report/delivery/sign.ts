import { createHmac } from 'node:crypto';

/**
 * Headers of a signed webhook as the Standard Webhooks specification (1.0.0) defines them: HMAC-SHA256 over
 * `<id>.<timestamp>.<body>`. The id stays the same for every try, so a receiver that remembers ids takes a message once;
 * the timestamp (seconds) is the try's own and signed, so what was recorded long ago can be refused.
 */
export function signedHeaders(
  secret: string,
  { id, at, body }: { readonly id: string; readonly at: Date; readonly body: string },
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
