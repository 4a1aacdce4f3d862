import type pg from 'pg';
import type { BenchGroup, BenchTenant } from './dataset.js';
import type { BenchServer } from './server-process.js';

/** How much of everything; `smoke` only shows that the benchmark itself works. */
export interface Scale {
  readonly small: number;
  readonly medium: number;
  readonly large: number;
  readonly groups: { readonly tiny: number; readonly middle: number; readonly huge: number };
  /** Requests in one round of a cheap figure. */
  readonly requests: number;
  readonly rounds: number;
}

export const FULL: Scale = {
  small: 1_000,
  medium: 100_000,
  large: 200_000,
  groups: { tiny: 10, middle: 10_000, huge: 100_000 },
  requests: 1_000,
  rounds: 7,
};

export const SMOKE: Scale = {
  small: 200,
  medium: 1_000,
  large: 2_000,
  groups: { tiny: 10, middle: 300, huge: 1_000 },
  requests: 30,
  rounds: 1,
};

export interface BenchContext {
  readonly scale: Scale;
  readonly patchbay: BenchServer;
  readonly floor: BenchServer;
  readonly stock: BenchServer;
  readonly small: BenchTenant;
  readonly medium: BenchTenant;
  readonly large: BenchTenant;
  /** In the medium tenant. */
  readonly middleGroup: BenchGroup;
  /** In the large tenant. */
  readonly tinyGroup: BenchGroup;
  readonly hugeGroup: BenchGroup;
  /** Sees past row-level security, for checking what was written. */
  readonly superuser: pg.Pool;
}

export interface FigureRow {
  readonly figure: string;
  readonly measured: string;
  readonly bar: string;
  readonly isMet: boolean;
  /** What the numbers are made of. */
  readonly detail: string;
}

export interface Figure {
  readonly name: string;
  readonly measure: (context: BenchContext) => Promise<readonly FigureRow[]>;
}

export const CONNECTIONS = 10;

/** The same numbers in every run. */
export function makeNumbers(seed = 1): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
