import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely';
import { isAppError } from '../../src/domain/errors.js';
import { DEFAULT_FILTER_LIMITS } from '../../src/directory/filter/limits.js';
import { parseFilter } from '../../src/directory/filter/parse-filter.js';
import { compileFilter } from '../../src/store/directory/filter-sql.js';
import { countSteps } from '../support/steps.js';

const db = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** Steps allowed for each character and once; twice what the worst filter found needs. */
const stepsPerCharacter = 9;
const stepsOnce = 200;

function compileText(text: string): string | null {
  try {
    const filter = parseFilter(text, { resourceType: 'User' });
    const tenantId = '00000000-0000-4000-8000-000000000000';
    return sql`${compileFilter(filter, { resourceType: 'User', tenantId })}`.compile(db).sql;
  } catch (error) {
    if (isAppError(error, 'invalid')) return null;
    throw error;
  }
}

const { maxLength, maxDepth } = DEFAULT_FILTER_LIMITS;
const fill = (piece: string): string => piece.repeat(Math.floor(maxLength / piece.length));

const HOSTILE = [
  fill('('),
  fill('not('),
  fill('not (title pr) and '),
  fill('emails['),
  fill('emails[type eq "a"] or '),
  fill('"'),
  fill('\\"'),
  `userName eq "${fill('\\"').slice(0, maxLength - 20)}`,
  `userName eq ${fill('a')}`.slice(0, maxLength),
  fill(' '),
  fill('a.'),
  fill('urn:'),
  fill('a eq b and '),
  fill('title pr or '),
  `${fill('title pr or ').slice(0, 900)}title pr`,
  `${'('.repeat(maxDepth)}${fill('emails[value ne "a"] and ').slice(0, 1_200)}title pr${')'.repeat(maxDepth)}`,
  Array.from({ length: 60 }, () => 'emails[type eq "a" and value eq "b"]').join(' or '),
  Array.from({ length: 12 }, () => '((title pr or locale pr) and (nickName pr or active eq true))').join(
    ' and ',
  ),
];

const PIECES = [
  '(',
  ')',
  '[',
  ']',
  'not',
  ' ',
  '"',
  '\\',
  'and',
  'or',
  'eq',
  'pr',
  'co',
  'emails',
  'title',
  '.value',
  ':',
  '.',
  '1',
  '\t',
  'é',
  '😀',
];
const pieces = fc.constantFrom(...PIECES);

async function expectBounded(text: string): Promise<void> {
  const steps = await countSteps('/src/directory/', () => void compileText(text));
  const compiling = await countSteps('/src/store/', () => void compileText(text));
  expect(steps + compiling, text.slice(0, 80)).toBeLessThan(stepsOnce + stepsPerCharacter * text.length);
}

describe('parsing and compiling a filter', () => {
  it.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))(
    'takes steps in proportion to its length: %s',
    async (_start, text) => {
      await expectBounded(text);
    },
  );

  it('takes steps in proportion to its length for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 400 }), async (parts) => {
        await expectBounded(parts.join(''));
      }),
      { numRuns: 30 },
    );
  });

  it('never fails other than with invalidFilter', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces).map((parts) => parts.join('')),
        ),
        (text) => {
          compileText(text);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('puts no text of the filter into the statement', () => {
    const marker = 'zqx7"\';--';
    const statement = compileText(
      `userName eq ${JSON.stringify(marker)} or emails[value co ${JSON.stringify(marker)}] or title gt ${JSON.stringify(marker)}`,
    );
    expect(statement).toContain('user_name_key');
    expect(statement).not.toContain('zqx7');
  });

  it('makes a statement of bounded size', () => {
    for (const text of HOSTILE) expect(compileText(text)?.length ?? 0).toBeLessThan(200_000);
  });
});
