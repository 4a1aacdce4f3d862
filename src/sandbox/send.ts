import type { Response } from 'express';

import type { Reply } from './reply.js';

/** How long an unanswered request is held before the connection goes: far beyond any sensible client timeout. */
const HOLD_MS = 300_000;

/** Writes the answer in one go. */
export function send(res: Response, reply: Reply): void {
  if (res.destroyed) return;
  res.status(reply.status);
  for (const [name, value] of Object.entries(reply.headers ?? {})) res.setHeader(name, value);
  if (reply.bytes !== undefined) return sendBytes(res, reply.bytes, reply.isCutShort ?? false);
  if (reply.text === undefined && reply.body === undefined) {
    res.end();
    return;
  }
  const isMarkup = reply.text?.startsWith('<') ?? false;
  res.setHeader('content-type', isMarkup ? 'text/html' : 'application/json; charset=utf-8');
  res.end(reply.text ?? JSON.stringify(reply.body));
}

function sendBytes(res: Response, bytes: Buffer, isCutShort: boolean): void {
  res.setHeader('content-type', 'audio/mpeg');
  res.setHeader('content-length', bytes.length);
  if (!isCutShort) {
    res.end(bytes);
    return;
  }
  res.write(bytes.subarray(0, bytes.length >> 1), () => res.destroy());
}

/** Resets the TCP connection without a byte of an answer. */
export function cut(res: Response): void {
  res.socket?.resetAndDestroy();
}

/** Leaves the request unanswered until the client gives up or the sandbox stops. */
export function hold(res: Response): void {
  const timer = setTimeout(() => cut(res), HOLD_MS).unref();
  res.once('close', () => clearTimeout(timer));
}
