import { z } from 'zod';
import { listOf, moment, named } from './parts.js';

export const byRequestId = z.object({ requestId: z.string().regex(/^\d{1,18}$/) });

export const scimRequest = named(
  'ScimRequest',
  z.object({
    id: z.string(),
    at: moment,
    actor: z.string().describe('Whose token it was'),
    method: z.string(),
    path: z.string(),
    query: z.string().describe('Decoded'),
    status: z.number().int(),
    durationMs: z.number().int(),
    requestBody: z.string().nullable().describe('Redacted and cut; null: none, or too long to be kept'),
    requestBytes: z.number().int(),
    responseBody: z.string().nullable().describe('Redacted and cut; null: none, or too long to be kept'),
    responseBytes: z.number().int(),
    userAgent: z.string(),
    correlationId: z.string().nullable(),
  }),
);
export const scimRequests = listOf('ScimRequests', scimRequest);
