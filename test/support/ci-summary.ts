import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Adds up what `.ci/run` left in a folder, and ends with the line `N passed, N failed`.
 *
 * Each step leaves `<step>.exit` with its exit code, a step that runs tests also `<step>.json`, Vitest's report. A
 * step counts as one result of its own unless its report names what failed; so nothing that went wrong is lost.
 */
interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly TestResult[];
  }[];
}

interface TestResult {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages?: readonly string[];
}

export interface Summary {
  readonly passed: number;
  /** One line for each thing that failed. A test that was skipped proves nothing, so it counts as well. */
  readonly failures: readonly string[];
}

const REASON_CHARS = 1_500;

export function summarize(folder: string): Summary {
  const steps = readdirSync(folder)
    .filter((name) => name.endsWith('.exit'))
    .map((name) => name.replace(/\.exit$/, ''))
    .toSorted();
  const results = steps.map((step) => summarizeStep(folder, step));
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failures = results.flatMap((result) => result.failures);
  return { passed, failures: passed === 0 ? [...failures, 'Nothing passed at all.'] : failures };
}

function summarizeStep(folder: string, step: string): Summary {
  const exitCode = Number(readFileSync(join(folder, `${step}.exit`), 'utf8'));
  const report = join(folder, `${step}.json`);
  const tests = existsSync(report) ? summarizeReport(step, report) : { passed: 0, failures: [] };
  if (exitCode === 0) return { passed: tests.passed + 1, failures: tests.failures };
  const failures = tests.failures.length > 0 ? tests.failures : [`${step}: ended with exit code ${exitCode}`];
  return { passed: tests.passed, failures };
}

function summarizeReport(step: string, path: string): Summary {
  const { testResults } = JSON.parse(readFileSync(path, 'utf8')) as VitestReport;
  const failures: string[] = [];
  let passed = 0;
  for (const file of testResults) {
    const unsuccessful = file.assertionResults.filter(({ status }) => status !== 'passed');
    passed += file.assertionResults.length - unsuccessful.length;
    failures.push(...unsuccessful.map((test) => describeFailure(step, test)));
    // A file that does not even load has no tests to report.
    if (file.status === 'failed' && unsuccessful.length === 0) {
      failures.push(`${step}: ${file.name}: ${file.message.split('\n', 1)[0]}`);
    }
  }
  return { passed, failures };
}

/** With the reason: of a long log often only the end is kept. */
function describeFailure(step: string, { status, fullName, failureMessages = [] }: TestResult): string {
  const reason = failureMessages.join(' ').slice(0, REASON_CHARS).replaceAll(/\s+/g, ' ').trim();
  return `${step}: ${fullName} (${status})${reason === '' ? '' : `: ${reason}`}`;
}

if (import.meta.main) {
  const { passed, failures } = summarize(process.argv[2] ?? '');
  for (const failure of failures) console.log(failure);
  console.log(`${passed} passed, ${failures.length} failed`);
  if (failures.length > 0) process.exitCode = 1;
}
