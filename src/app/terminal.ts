/** Where a command writes. Results go to `out`, progress and remarks to `err`, so that output can be piped. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly isInteractive: boolean;
  readonly columns: number;
}

/** Columns aligned by what is seen: combining marks take no room, wide scripts take two cells. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => displayWidth(row[column] ?? ''))));
  const line = (row: readonly string[]) =>
    widths
      .map((width, column) => pad(row[column] ?? '', width))
      .join('  ')
      .trimEnd();
  return [line(header), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    width +=
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/u.test(
        segment,
      )
        ? 2
        : 1;
  }
  return width;
}

/**
 * A bar that redraws itself on a terminal and, elsewhere, prints a line per step and per quarter done, so that a
 * log stays readable.
 */
export function makeProgress(terminal: Terminal): (step: string, done: number, total: number) => void {
  let last = { step: '', quarter: -1 };
  return (step, done, total) => {
    const quarter = total === 0 ? 4 : Math.floor((done / total) * 4);
    const isNew = step !== last.step;
    if (terminal.isInteractive) {
      terminal.err(
        `${isNew && last.step !== '' ? '\n' : ''}\r${renderBar(step, done, total)}${done === total ? '\n' : ''}`,
      );
      last = { step: done === total ? '' : step, quarter };
      return;
    }
    if (!isNew && quarter === last.quarter) return;
    last = { step, quarter };
    terminal.err(`${renderBar(step, done, total)}\n`);
  };
}

const BAR_CELLS = 24;

function renderBar(step: string, done: number, total: number): string {
  const filled = total === 0 ? BAR_CELLS : Math.round((done / total) * BAR_CELLS);
  return `${step.padEnd(42)} [${'#'.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)}] ${done}/${total}`;
}
