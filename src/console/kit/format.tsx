import { h, type Markup } from '../markup/markup.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const moment = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});
const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const whole = new Intl.NumberFormat('en-GB');

/** With thousands separators. */
export function formatNumber(value: number): string {
  return whole.format(value);
}

/** `3 people`, `1 person`. */
export function formatCount(value: number, one: string, many: string): string {
  return `${whole.format(value)} ${value === 1 ? one : many}`;
}

/** In the unit that needs the fewest digits. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${String(bytes)} bytes`;
  return `${whole.format(Math.round(bytes / 1_000))} kB`;
}

/** Day and minute in UTC: the server knows nobody's time zone, and a log must not depend on one. */
export function formatMoment(at: Date): string {
  return `${moment.format(at)} UTC`;
}

/** How far `at` is from `now`, in one unit: `3 h ago`, `in 12 days`, `just now`. */
export function formatDistance(at: Date, now: Date): string {
  const ms = at.getTime() - now.getTime();
  const size = Math.abs(ms);
  if (size < MINUTE_MS) return ms > 0 ? 'in a moment' : 'just now';
  const text = formatSpan(size);
  return ms > 0 ? `in ${text}` : `${text} ago`;
}

/** A length of time in its largest whole unit. */
export function formatSpan(ms: number): string {
  if (ms < 90 * MINUTE_MS) return `${String(Math.round(ms / MINUTE_MS))} min`;
  if (ms < 36 * HOUR_MS) return `${String(Math.round(ms / HOUR_MS))} h`;
  return formatCount(Math.round(ms / DAY_MS), 'day', 'days');
}

/** A moment as people read it, with the exact one for machines and on pointing. */
export function Ago({ at, now }: { readonly at: Date; readonly now: Date }): Markup {
  return (
    <time datetime={at.toISOString()} title={formatMoment(at)}>
      {formatDistance(at, now)}
    </time>
  );
}

export function Moment({ at }: { readonly at: Date }): Markup {
  return <time datetime={at.toISOString()}>{formatMoment(at)}</time>;
}

export function Day({ at }: { readonly at: Date }): Markup {
  return (
    <time datetime={at.toISOString()} title={formatMoment(at)}>
      {day.format(at)}
    </time>
  );
}
