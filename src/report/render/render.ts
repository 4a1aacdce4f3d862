import { AppError } from '../../domain/errors.js';
import type { Report } from '../model/report.js';
import { CSV_TABLES, renderCsv } from './csv.js';
import { renderHtml } from './html/document.js';
import { renderMarkdown } from './markdown.js';

export const REPORT_FORMATS = [
  'html',
  'json',
  'markdown',
  ...CSV_TABLES.map((table) => `csv:${table}` as const),
] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface RenderedReport {
  readonly fileName: string;
  readonly contentType: string;
  readonly text: string;
}

/** Throws AppError `invalid` for a format that there is not. */
export function readFormat(text: string): ReportFormat {
  const format = REPORT_FORMATS.find((one) => one === text);
  if (format !== undefined) return format;
  throw new AppError('invalid', `There is no format "${text}". Formats: ${REPORT_FORMATS.join(', ')}.`);
}

/** The report as a file. */
export function renderReport(report: Report, format: ReportFormat): RenderedReport {
  const day = report.createdAt.slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-');
  const name = `patchbay-${report.organisation.slug}-${day}`;
  switch (format) {
    case 'html':
      return { fileName: `${name}.html`, contentType: 'text/html; charset=utf-8', text: renderHtml(report) };
    case 'json':
      return {
        fileName: `${name}.json`,
        contentType: 'application/json; charset=utf-8',
        text: `${JSON.stringify(report, null, 2)}\n`,
      };
    case 'markdown':
      return {
        fileName: `${name}.md`,
        contentType: 'text/markdown; charset=utf-8',
        text: renderMarkdown(report),
      };
    default: {
      const table = CSV_TABLES.find((one) => `csv:${one}` === format) ?? 'findings';
      return {
        fileName: `${name}-${table}.csv`,
        contentType: 'text/csv; charset=utf-8',
        text: renderCsv(report, table),
      };
    }
  }
}
