import type { Moments } from '../moments.js';
import { html, type Html } from './html.js';

const DAY_MS = 86_400_000;

/** Where things stand in every picture of one report. */
export interface Placing {
  /** Where on the axis of time a moment lies, from 0 to 1. */
  readonly share: (iso: string) => number;
  readonly ticks: readonly { readonly share: number; readonly label: string }[];
  readonly days: number;
  readonly moments: Moments;
}

export function placing(until: string, days: number, moments: Moments): Placing {
  const end = Date.parse(until);
  const start = end - days * DAY_MS;
  const tick = (share: number) => ({
    share,
    label: moments.tick(new Date(start + share * (end - start)).toISOString()),
  });
  return {
    share: (iso) => Math.min(1, Math.max(0, (Date.parse(iso) - start) / (end - start))),
    ticks: [tick(0), tick(0.5), tick(1)],
    days,
    moments,
  };
}

/** A picture under its title, with its legend, and in words. `body` null: there is nothing to draw yet. */
export function figure(
  title: string,
  says: string,
  body: Html | null,
  legend: readonly (readonly [string, string])[],
): Html {
  const keys = legend.map(([mark, label]) => html`<li><i class="${mark}"></i>${label}</li>`);
  return html`<figure>
    <figcaption>
      <b>${title}</b>
      ${
        body === null || keys.length === 0
          ? null
          : html`<ul class="legend">
              ${keys}
            </ul>`
      }
    </figcaption>
    ${body ?? html`<p class="nothing">${says}</p>`}
    ${body === null ? null : html`<p class="says">${says}</p>`}
  </figure>`;
}
