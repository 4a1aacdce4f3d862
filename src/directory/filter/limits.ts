/** Bounds that keep parsing, compiling and answering a filter cheap, whatever a client sends. */
export interface FilterLimits {
  /** Characters of the whole text. */
  readonly maxLength: number;
  /** Levels of parentheses, `not` and value paths. */
  readonly maxDepth: number;
  /** Comparisons and operators together. */
  readonly maxNodes: number;
}

export const DEFAULT_FILTER_LIMITS: FilterLimits = { maxLength: 4_096, maxDepth: 24, maxNodes: 128 };
