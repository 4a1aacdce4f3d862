import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import type { Holding } from '../../demo/expectation.js';

const viewSchema = z.object({
  users: z.array(
    z.object({
      email: z.string(),
      isOwner: z.boolean(),
      roleIds: z.array(z.string()),
      teamIds: z.array(z.number()),
    }),
  ),
  teams: z.array(z.object({ id: z.number(), name: z.string() })),
});

/** Reads the sandbox's Dashboard from another process: what each agent really holds, owners left out. */
export async function readDashboard(sandboxUrl: string, dashboardKey: string): Promise<readonly Holding[]> {
  const response = await fetch(`${sandboxUrl}/_dashboard/state`, {
    headers: { 'x-dashboard-key': dashboardKey },
  }).catch((error: unknown) => {
    throw unreachableSandbox(error);
  });
  if (!response.ok) throw unreachableSandbox(new Error(`status ${response.status}`));
  const view = viewSchema.parse(await response.json());
  const names = new Map(view.teams.map((team) => [team.id, team.name]));
  return view.users
    .filter((user) => !user.isOwner)
    .map((user) => ({
      email: user.email,
      role: user.roleIds.at(-1) ?? 'agent',
      teams: user.teamIds.map((id) => names.get(id) ?? `team ${id}`),
    }));
}

function unreachableSandbox(cause: unknown): AppError {
  return new AppError(
    'unavailable',
    'The demo phone system does not answer. It runs inside "npm start"; start that and try again.',
    { cause },
  );
}
