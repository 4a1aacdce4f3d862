import { raw, type RequestHandler } from 'express';
import { AppError } from '../../domain/errors.js';

/** A member list and a few fields; more than this is no form of ours. */
const LIMIT = '2100kb';
const readBytes = raw({ type: 'multipart/form-data', limit: LIMIT });

/**
 * Forms with a file: fields as in any other form; the file's text under the field's name, and its own name under
 * `<field>.name`. Text only: whoever reads the file finds what is no text.
 */
export const multipartForm: readonly RequestHandler[] = [
  readBytes,
  async (request, _response, next) => {
    const type = request.get('content-type') ?? '';
    if (!Buffer.isBuffer(request.body) || !type.startsWith('multipart/form-data')) return next();
    request.body = await parseForm(request.body, type);
    next();
  },
];

async function parseForm(body: Buffer, type: string): Promise<Record<string, string>> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } })
    .formData()
    .catch(() => {
      throw new AppError('invalid', 'The form arrived damaged. Nothing was changed. Send it again.');
    });
  const fields: Record<string, string> = {};
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value;
    else {
      fields[name] = await value.text();
      fields[`${name}.name`] = value.name;
    }
  }
  return fields;
}
