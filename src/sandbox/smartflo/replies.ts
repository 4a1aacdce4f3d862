import { Refusal, type Reply } from '../reply.js';

/** An answer of the framework in front of the application: no `success`, one message. */
export function edgeReply(status: number): Reply {
  return { status, body: { message: edgeMessages[status] ?? 'Server Error' } };
}

const edgeMessages: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthenticated.',
  403: 'Forbidden',
  404: 'Not Found',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** A refusal of the application. Texts are ours; the keys are documented (vendors.md 2.1). */
export function appReply(status: number, message: string): Reply {
  return { status, body: { success: false, message } };
}

/** vendors.md 2.1: `success` is the text "false" here, and nowhere else. */
export function tooManyReply(headers: Readonly<Record<string, string>> = {}): Reply {
  return { status: 429, body: { success: 'false', message: 'Too many requests.' }, headers };
}

/** The answer to an update (vendors.md 2.2): capitalised keys. */
export function updatedReply(message: string, effects: readonly string[]): Reply {
  return { status: 200, body: { Success: true, Message: message, Error: null }, effects };
}

/** Turns the request down from anywhere below a handler. */
export function refuse(status: number, message: string): never {
  throw new Refusal(appReply(status, message));
}

/** Input that does not fit: `{"message", "errors"}` (vendors.md 2.2). */
export function refuseFields(status: number, errors: Readonly<Record<string, readonly string[]>>): never {
  const [first = 'The given data was invalid.'] = Object.values(errors).flat();
  throw new Refusal({ status, body: { message: first, errors } });
}
