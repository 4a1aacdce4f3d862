import type { Command } from 'commander';
import type { Adoption } from '../../administration/adoption.js';
import { AppError } from '../../domain/errors.js';
import { makeAdoptionView } from '../../store/console/adoption.js';
import { print, type CommandContext } from './context.js';

const AGENTS_SHOWN = 10_000;

/** `patchbay account adoption`: agents that were there before, as the newest plan of the whole account has them. */
export function addAdoption(account: Command, context: CommandContext): void {
  account
    .command('adoption <name>')
    .description('agents that were there before: who is taken over by e-mail, and who is nobody’s')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (name: string, options: { tenant: string }, command: Command) => {
      const adoption = await context.withServices(async (services) => {
        const tenant = await services.tenants.bySlug(options.tenant);
        const { id } = await services.accounts.byName(tenant.id, name);
        return makeAdoptionView(services.database).find(tenant.id, id, AGENTS_SHOWN);
      });
      if (adoption === null) {
        throw new AppError(
          'notFound',
          `Account "${name}" was not planned as a whole yet. That needs rules; then: patchbay reconcile --tenant ${options.tenant} --account ${name}`,
        );
      }
      print(context, command, adoption, renderAdoption(adoption));
    });
}

function renderAdoption({ madeAt, planId, ...found }: Adoption): string {
  const { matched, matchedCount, unmanaged, unmanagedCount, newcomers, takenOver } = found;
  return [
    `As of ${madeAt.toISOString()}, plan ${planId}`,
    `To be taken over by e-mail: ${matchedCount}`,
    ...matched.map(({ email, name, providerUserId }) => `  ~ ${email}: agent ${providerUserId}, ${name}`),
    `Nobody's, never touched: ${unmanagedCount}`,
    ...unmanaged.map(({ message }) => `  * ${message}`),
    `New agents wanted: ${newcomers}`,
    `Taken over already: ${takenOver}`,
  ].join('\n');
}
