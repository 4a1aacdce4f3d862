import { Session } from 'node:inspector/promises';

/**
 * Counts how often blocks of code in files whose URL contains `file` are entered while `work` runs: a measure of
 * effort that, unlike time, is the same on every machine.
 */
export async function countSteps(file: string, work: () => void): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    return result
      .filter((script) => script.url.includes(file))
      .flatMap((script) => script.functions)
      .flatMap((each) => each.ranges)
      .reduce((sum, range) => sum + range.count, 0);
  } finally {
    await session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}
