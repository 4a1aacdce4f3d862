import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../domain/errors.js';

const schema = z.object({
  /** Port of the sandbox, kept so that links and the stored account address stay right. 0: not started yet. */
  sandboxPort: z.number(),
  dashboardKey: z.string(),
  /** Ports of the other simulated phone systems, by name. */
  systemPorts: z.record(z.string(), z.number()).default({}),
  /** Which of them run now, beside Aircall. */
  running: z.array(z.string()).readonly().default([]),
  /** The demo tenant's SCIM token. Real tokens are never kept; this one opens a sandbox only. */
  scimToken: z.string().nullable(),
});
export type DemoMemory = z.infer<typeof schema>;

/** What the demo remembers between starts, in `<dataDir>/demo.json`, mode 0600. */
export async function readDemoMemory(dataDir: string): Promise<DemoMemory | null> {
  const path = memoryPath(dataDir);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new AppError(
    'invalid',
    `${path} is damaged, so the demo cannot find its sandbox again. Delete ${dataDir} to start the demo afresh.`,
  );
}

export function newDemoMemory(): DemoMemory {
  return {
    sandboxPort: 0,
    dashboardKey: randomBytes(18).toString('base64url'),
    systemPorts: {},
    running: [],
    scimToken: null,
  };
}

/** Writes whole or not at all. */
export async function writeDemoMemory(dataDir: string, memory: DemoMemory): Promise<void> {
  const path = memoryPath(dataDir);
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, JSON.stringify(memory, null, 2), { mode: 0o600 });
  await rename(draft, path);
}

function memoryPath(dataDir: string): string {
  return join(dataDir, 'demo.json');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
