import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take long, whatever their size says, the longest first. */
const LONG = [
  'e2e/product/demo-with-faults',
  'e2e/console/pages',
  'e2e/product/bad-requests',
  'e2e/product/workers',
  'crash/drain',
  'integration/embedded-postgres',
  'e2e/product/demo',
  'e2e/product/commands',
  'crash/product/kill-the-service',
  'crash/product/kill-during-deletion',
  'e2e/console/without-script',
  'integration/console/links',
  'e2e/sso/setup',
  'conformance/fuzz',
].map((name) => `/test/${name}.test.ts`);

/** So that at the end no long file runs on alone. The others as Vitest has them: files of one project together. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification): number => {
      const index = LONG.findIndex((end) => moduleId.endsWith(end));
      return index === -1 ? LONG.length : index;
    };
    return (await super.sort(files)).toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}
