import { Refusal, type Reply } from '../reply.js';

/** An answer of the edge in front of the application (vendors.md 1.2): `{"message": ...}`. */
export function edgeReply(status: number): Reply {
  return { status, body: { message: edgeMessages[status] ?? 'Internal server error' } };
}

const edgeMessages: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Endpoint request timed out',
};

/** An answer of the application (vendors.md 1.2): `{"error": ..., "troubleshoot": ...}`. The texts are ours. */
export function appReply(status: number, troubleshoot: string): Reply {
  return { status, body: { error: appErrors[status] ?? 'Error', troubleshoot } };
}

const appErrors: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Payload Too Large',
  422: 'Unprocessable Entity',
};

/** Turns the request down from anywhere below a handler. */
export function refuse(status: number, troubleshoot: string): never {
  throw new Refusal(appReply(status, troubleshoot));
}
