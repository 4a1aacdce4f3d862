import type { Report } from '../../model/report.js';
import { momentsIn, type Moments } from '../moments.js';
import { renderCharts } from './charts.js';
import { evidence } from './evidence.js';
import { html, type Html } from './html.js';
import { needs, opening, story } from './opening.js';
import { provisioning, seats, sources } from './tables.js';
import { REPORT_STYLES } from './styles.js';

/** A whole HTML document that needs nothing from anywhere: no script, no image, no font. */
export function renderHtml(report: Report): string {
  const moments = momentsIn(report.timeZone);
  const title = `Reconciliation report, ${report.organisation.name}, ${moments.day(report.createdAt)}`;
  const head = html`<meta charset="utf-8" /><meta
      name="viewport"
      content="width=device-width, initial-scale=1"
    /><meta name="color-scheme" content="light dark" /><meta name="robots" content="noindex" /><title>
      ${title}
    </title>`;
  const body = html`<main>
    ${opening(report, moments)} ${needs(report, moments)} ${story(report)}
    <section aria-labelledby="trends">
      <h2 id="trends">Trends of the last ${report.trends.days} days</h2>
      ${renderCharts(report, moments)}
    </section>
    ${seats(report)} ${provisioning(report)} ${sources(report, moments)} ${evidence(report, moments)}
    ${closing(report, moments)}
  </main>`;
  // The style sheet is a constant of this program: escaping would break it.
  return `<!doctype html><html lang="en"><head>${String(head)}<style>${REPORT_STYLES}</style></head><body>${String(body)}</body></html>\n`;
}

function closing({ id, createdAt, console: url }: Report, moments: Moments): Html {
  return html`<footer>
    <p>Made by Patchbay on ${moments.moment(createdAt)}. Report ${id}.</p>
    ${url === null ? null : html`<p>Console: <a href="${/^https?:/i.test(url) ? url : '#'}">${url}</a></p>`}
  </footer>`;
}
