import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { renderReport, type ReportFormat } from '../../report/render/render.js';
import { REPORT_STYLES } from '../../report/render/html/styles.js';
import type { Report } from '../../report/model/report.js';

/**
 * Only the one style sheet that this program wrote itself, by its hash: names from phone systems stand in the document,
 * and nothing among them may run, load or send anything.
 */
const DOCUMENT_CSP = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(REPORT_STYLES).digest('base64')}'`,
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The HTML rendering as a page of its own, everything else as a download. */
export function sendReport(response: Response, report: Report, format: ReportFormat): void {
  const { fileName, contentType, text } = renderReport(report, format);
  if (format === 'html') response.set('Content-Security-Policy', DOCUMENT_CSP);
  else response.attachment(fileName);
  response.set('Content-Type', contentType).send(text);
}
