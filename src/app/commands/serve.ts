import type { Command } from 'commander';
import type { Config } from '../../config/config.js';
import { DEMO_TENANT } from '../demo/tenant.js';
import { startService, type RunningService } from '../serve.js';
import { waitForSignal } from '../shutdown.js';
import { print, type CommandContext } from './context.js';

/** `patchbay serve`: everything in one process, until a signal. */
export function addServeCommand(program: Command, context: CommandContext): void {
  program
    .command('serve')
    .description('run SCIM, console, API and workers in one process (what npm start does)')
    .option('--no-work', 'leave the work on accounts to "patchbay worker"')
    .action(async (options: { work: boolean }, command: Command) => {
      const stopped = waitForSignal();
      const service = await startService(context.config, { works: options.work });
      const { url, demo } = service;
      const consoleUrl = demo === null ? `${url}/console` : await service.openConsole(DEMO_TENANT);
      const value = { url, scimBaseUrl: `${url}/scim/v2`, consoleUrl, token: demo?.token ?? null };
      print(context, command, value, renderBanner(context.config, service, consoleUrl));
      await stopped;
      await service.stop();
    });
}

function renderBanner(config: Config, { url, demo }: RunningService, consoleUrl: string): string {
  const once = demo === null ? '' : '   (signs you in once, within 15 minutes)';
  const lines = [
    `Patchbay is running.`,
    '',
    `  Console        ${consoleUrl}${once}`,
    `  SCIM base URL  ${url}/scim/v2`,
  ];
  if (demo === null) {
    lines.push(
      '',
      '  Next: npx patchbay tenant create <name>, then npx patchbay token create --tenant <name>',
      '        and a way into the console: npx patchbay console link --tenant <name>',
    );
  } else {
    const rate = config.sandboxRateLimitPerMinute;
    lines.push(
      `  SCIM token     ${demo.token}   (demo tenant; kept in ${config.dataDir} for the demo only)`,
      `  Phone system   ${demo.company.url}   (simulated Aircall, ${rate} requests a minute; the real one allows 120)`,
      ...[...demo.systems.values()].map(
        ({ url: at, description }) => `  Phone system   ${at}   (${description})`,
      ),
      '',
      '  Watch a morning of joiners, movers and leavers:  npm run demo   (in a second terminal)',
      '  Another link into the console:                   npx patchbay console link --tenant demo',
      '  Start without the demo:                          npm start -- --no-demo',
    );
  }
  return [...lines, '', '  Ctrl+C stops.'].join('\n');
}
