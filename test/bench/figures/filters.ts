import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely';
import { isAppError } from '../../../src/domain/errors.js';
import { DEFAULT_FILTER_LIMITS } from '../../../src/directory/filter/limits.js';
import { parseFilter } from '../../../src/directory/filter/parse-filter.js';
import { compileFilter } from '../../../src/store/directory/filter-sql.js';
import type { Figure } from '../context.js';

const BAR_MS = 5;
const REPEATS = 50;

const fill = (piece: string): string =>
  piece.repeat(Math.floor(DEFAULT_FILTER_LIMITS.maxLength / piece.length));

/** What takes longest of all that is let through, and what is turned away last. */
const FILTERS: readonly string[] = [
  'userName eq "jane@example.test"',
  fill('('),
  fill('not('),
  fill('"'),
  `userName eq "${'\\"'.repeat(2_000)}"`,
  fill('title pr or '),
  Array.from({ length: 100 }, () => 'emails.value ne "a"').join(' or '),
  Array.from({ length: 40 }, () => 'emails[type eq "a" and value eq "b"]').join(' or '),
  Array.from({ length: 12 }, () => '((title pr or locale pr) and (nickName pr or active eq true))').join(
    ' and ',
  ),
  'not ('.repeat(20) + 'members.nothing pr',
];

const db = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

function parseAndCompile(text: string): void {
  try {
    const filter = parseFilter(text, { resourceType: 'User' });
    const tenantId = '00000000-0000-4000-8000-000000000000';
    sql`${compileFilter(filter, { resourceType: 'User', tenantId })}`.compile(db);
  } catch (error) {
    if (!isAppError(error, 'invalid')) throw error;
  }
}

/** The slowest of ordinary and hostile filters, in this process. */
export const filters: Figure = {
  name: 'filters',
  measure() {
    const times = FILTERS.map((text) => {
      for (let repeat = 0; repeat < REPEATS; repeat += 1) parseAndCompile(text);
      const before = process.cpuUsage();
      for (let repeat = 0; repeat < REPEATS; repeat += 1) parseAndCompile(text);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000 / REPEATS;
    });
    const slowest = Math.max(...times);
    const row = {
      figure: 'parse and compile a filter: the slowest',
      measured: `${slowest.toFixed(2)} ms`,
      bar: `<= ${String(BAR_MS)} ms`,
      isMet: slowest <= BAR_MS,
      detail: `a plain look-up ${(times[0] ?? 0).toFixed(3)} ms`,
    };
    return Promise.resolve([row]);
  },
};
