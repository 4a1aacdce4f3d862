import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../../src/app/cli.js';
import { COMMANDS } from '../../../src/app/commands/table.js';
import type { CommandContext } from '../../../src/app/commands/context.js';

const refused = () => Promise.reject(new Error('Help opens nothing.'));
const context = {
  terminal: { out: () => undefined, err: () => undefined, isInteractive: false, columns: 80 },
  withServices: refused,
  openServices: refused,
  readInput: refused,
  actor: 'test',
} as unknown as CommandContext;

/** The commands that do something, with their names from the first word on. */
function leaves(command: Command, path: readonly string[] = []): readonly (readonly [string, Command])[] {
  if (command.commands.length === 0) return [[path.join(' '), command]];
  return command.commands.flatMap((child) => leaves(child, [...path, child.name()]));
}

const all = leaves(await buildProgram(context));

describe('the commands', () => {
  it('are those that the manual names', () => {
    expect(all.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'serve', 'worker', 'demo', 'migrate', 'tenant create', 'tenant list', 'token create', 'token list',
        'token revoke', 'account create', 'account list', 'account policy', 'account settings', 'account credential',
        'account pause', 'account resume', 'rules check', 'rules import', 'rules export', 'rules history',
        'rules rollback', 'plan', 'plans list', 'plans show', 'plans approve', 'plans reject', 'reconcile', 'doctor',
        'report create', 'report show', 'report list', 'report subscribe', 'report send', 'report entitlements',
        'report journeys', 'mail list', 'mail test', 'mail contacts list', 'mail contacts add', 'mail contacts remove',
      ]),
    ); // prettier-ignore
  });

  it.each(Object.keys(COMMANDS))('%s: is there when it is asked for alone', async (name) => {
    const { commands } = await buildProgram(context, [name]);
    expect(commands.map((command) => command.name())).toEqual([name]);
  });

  it.each(all)('%s: says what it does, explains every option, and can answer in JSON', (_name, command) => {
    const help = command.helpInformation();
    expect(help).toMatch(/^Usage: /);
    expect(command.description()).toMatch(/\w{2,} \w+/);
    expect(command.options.map(({ long }) => long)).toContain('--json');
    expect(command.options.filter(({ description }) => description === '')).toEqual([]);
  });
});
