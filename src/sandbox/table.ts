/** Rows ordered by an id that only grows: O(1) lookup, O(page) listing, no gaps to skip. */
export interface Table<Row extends { readonly id: number }> {
  readonly size: number;
  get(id: number): Row | undefined;
  /** Adds a row whose id is higher than all before it. */
  add(row: Row): void;
  remove(id: number): void;
  /** All rows, lowest id first. The array is live: do not keep it across a change. */
  rows(): readonly Row[];
}

export function makeTable<Row extends { readonly id: number }>(initial: readonly Row[] = []): Table<Row> {
  const ordered = [...initial].sort((a, b) => a.id - b.id);
  const byId = new Map(ordered.map((row) => [row.id, row]));
  return {
    get size() {
      return ordered.length;
    },
    get: (id) => byId.get(id),
    rows: () => ordered,
    add(row) {
      const last = ordered.at(-1);
      if (last !== undefined && row.id <= last.id) throw new RangeError(`Id ${row.id} is not the newest.`);
      ordered.push(row);
      byId.set(row.id, row);
    },
    remove(id) {
      if (!byId.delete(id)) return;
      ordered.splice(positionOf(ordered, id), 1);
    },
  };
}

function positionOf(rows: readonly { readonly id: number }[], id: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.id ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
