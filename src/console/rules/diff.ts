export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly line: string;
}

/** More lines than this in the differing middle are shown as replaced wholly: the table below grows with the square. */
const MIDDLE_MAX = 2_000;

/** Lines of `after` against `before`, by longest common subsequence. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [old, young] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < old.length && head < young.length && old[head] === young[head]) head += 1;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < young.length - head &&
    old[old.length - 1 - tail] === young[young.length - 1 - tail]
  ) {
    tail += 1;
  }
  return [
    ...mark('same', old.slice(0, head)),
    ...diffMiddle(old.slice(head, old.length - tail), young.slice(head, young.length - tail)),
    ...mark('same', old.slice(old.length - tail)),
  ];
}

function mark(kind: DiffLine['kind'], lines: readonly string[]): readonly DiffLine[] {
  return lines.map((line) => ({ kind, line }));
}

function diffMiddle(old: readonly string[], young: readonly string[]): readonly DiffLine[] {
  if (old.length > MIDDLE_MAX || young.length > MIDDLE_MAX) {
    return [...mark('removed', old), ...mark('added', young)];
  }
  const lengths = commonLengths(old, young);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < young.length) {
    const [left = '', right = ''] = [old[i], young[j]];
    if (i < old.length && j < young.length && left === right) {
      lines.push({ kind: 'same', line: left });
      i += 1;
      j += 1;
    } else if (j >= young.length || (i < old.length && at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      lines.push({ kind: 'removed', line: left });
      i += 1;
    } else {
      lines.push({ kind: 'added', line: right });
      j += 1;
    }
  }
  return lines;
}

/** `lengths[i][j]`: how many lines the rests from `i` and `j` have in common, in order. */
function commonLengths(old: readonly string[], young: readonly string[]): readonly Uint16Array[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(young.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = young.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row === undefined) continue;
      row[j] =
        old[i] === young[j]
          ? at(lengths, i + 1, j + 1) + 1
          : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }
  }
  return lengths;
}

function at(lengths: readonly Uint16Array[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0;
}
