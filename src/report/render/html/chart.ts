import { html, type Child, type Html } from './html.js';

/** Sized so that the letters in it are as large as the text beside it, at the width of a phone as well as in a column. */
const WIDTH = 400;
const HEIGHT = 190;
const LEFT = 46;
const RIGHT = 10;
const RIGHT_AXIS = 54;
const TOP = 12;
const BOTTOM = 26;

export interface Scale {
  readonly x: (share: number) => number;
  readonly y: (value: number) => number;
  /** Of the axis at the right. */
  readonly rightY: (value: number) => number;
  readonly width: number;
}

export interface ChartFrame {
  /** One sentence for readers who do not see it, and under it for those who do. */
  readonly says: string;
  readonly max: number;
  readonly formatY: (value: number) => string;
  readonly ticks: readonly { readonly share: number; readonly label: string }[];
  readonly draw: (scale: Scale) => Child;
  readonly steps?: readonly number[];
  /** An axis of its own at the right, for what is no number of the left one. */
  readonly right?: { readonly max: number; readonly format: (value: number) => string };
}

/** Axes, grid and labels around what `draw` draws. */
export function chart({ says, max, formatY, ticks, draw, steps, right }: ChartFrame): Html {
  const edge = WIDTH - (right === undefined ? RIGHT : RIGHT_AXIS);
  const width = edge - LEFT;
  const lines = steps ?? niceSteps(max);
  const rightLines = right === undefined ? [] : niceSteps(right.max);
  const scale: Scale = {
    x: (share) => round(LEFT + share * width),
    y: heightOn(lines, max),
    rightY: heightOn(rightLines, right?.max ?? 0),
    width,
  };
  const grid = lines.map(
    (value) =>
      html`<line class="grid" x1="${LEFT}" x2="${edge}" y1="${scale.y(value)}" y2="${scale.y(value)}" /><text
          x="${LEFT - 6}"
          y="${scale.y(value) + 4}"
          text-anchor="end"
          >${formatY(value)}</text
        >`,
  );
  const labels = ticks.map(
    ({ share, label }) =>
      html`<text
        x="${scale.x(share)}"
        y="${HEIGHT - 7}"
        text-anchor="${share < 0.1 ? 'start' : share > 0.9 ? 'end' : 'middle'}"
        >${label}</text
      >`,
  );
  const costs = rightLines.map(
    (value) =>
      html`<text class="right" x="${edge + 6}" y="${scale.rightY(value) + 4}">${right?.format(value)}</text>`,
  );
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${says}">
    ${grid}${labels}${costs}${draw(scale)}
  </svg>`;
}

function heightOn(lines: readonly number[], max: number): (value: number) => number {
  const height = HEIGHT - TOP - BOTTOM;
  const top = Math.max(lines.at(-1) ?? 1, max, 1e-9);
  return (value) => round(TOP + height - (Math.min(value, top) / top) * height);
}

/** Ends of the axis and lines between: 0 and two to four more, at round numbers. */
export function niceSteps(max: number): readonly number[] {
  if (max <= 0) return [0, 1];
  const raw = max / 3;
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * magnitude).find((size) => size >= raw) ?? raw;
  // Of things that are counted there are no halves.
  const whole = max >= 1 ? Math.max(1, Math.ceil(step)) : step;
  const count = Math.ceil(max / whole - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => round(index * whole));
}

/** Lines at round lengths of time, up to and above `maxMs`. */
export function timeSteps(maxMs: number): readonly number[] {
  const minute = 60_000;
  const units = [
    1_000,
    5_000,
    10_000,
    30_000,
    minute,
    5 * minute,
    10 * minute,
    30 * minute,
    60 * minute,
    180 * minute,
    720 * minute,
  ];
  const step = units.find((unit) => maxMs / unit <= 4) ?? Math.ceil(maxMs / 4 / 86_400_000) * 86_400_000;
  const count = Math.max(1, Math.ceil(maxMs / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

const POWERS_MS = [1_000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000, 360_000_000, 3_600_000_000];

/** Round lengths of time, each several times the one before, that hold everything from `minMs` to `maxMs`. */
export function powersOfTime(minMs: number, maxMs: number): readonly number[] {
  const from = Math.max(
    0,
    POWERS_MS.findLastIndex((ms) => ms <= minMs),
  );
  const to = POWERS_MS.findIndex((ms) => ms >= maxMs && ms > (POWERS_MS[from] ?? 0));
  return POWERS_MS.slice(from, to === -1 ? undefined : to + 1);
}

export function path(points: readonly (readonly [x: number, y: number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
