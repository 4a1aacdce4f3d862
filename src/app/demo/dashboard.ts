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

/** The whole state of a sandbox, from another process. @throws AppError `unavailable` */
export async function askDashboard(sandboxUrl: string, dashboardKey: string): Promise<unknown> {
  const response = await fetch(`${sandboxUrl}/_dashboard/state`, {
    headers: { 'x-dashboard-key': dashboardKey },
  }).catch((error: unknown) => {
    throw unreachableSandbox(error);
  });
  if (!response.ok) throw unreachableSandbox(new Error(`status ${response.status}`));
  return response.json();
}

/** Does something in the dashboard of a sandbox, from another process. @throws AppError `unavailable`, `invalid` */
export async function actOnDashboard(
  sandboxUrl: string,
  dashboardKey: string,
  action: { readonly name: string; readonly input: unknown },
): Promise<unknown> {
  const response = await fetch(`${sandboxUrl}/_dashboard/actions/${action.name}`, {
    method: 'POST',
    headers: { 'x-dashboard-key': dashboardKey, 'content-type': 'application/json' },
    body: JSON.stringify(action.input),
  }).catch((error: unknown) => {
    throw unreachableSandbox(error);
  });
  const answer = z.object({ result: z.unknown(), error: z.string().optional() }).parse(await response.json());
  if (response.ok) return answer.result;
  throw new AppError('invalid', `The simulated phone system refused it: ${answer.error ?? response.status}`);
}

/** What each agent really holds at the simulated Aircall, owners left out. There is no suspend. */
export async function readAircallHoldings(
  sandboxUrl: string,
  dashboardKey: string,
): Promise<readonly Holding[]> {
  const view = viewSchema.parse(await askDashboard(sandboxUrl, dashboardKey));
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
