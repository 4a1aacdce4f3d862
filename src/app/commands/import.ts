import { basename } from 'node:path';
import { Option, type Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import type { ImportPreview } from '../../manual/imports.js';
import { buildByHand } from '../by-hand.js';
import { print, type CommandContext } from './context.js';

interface ImportOptions {
  readonly tenant: string;
  readonly file: string;
  readonly complete?: boolean;
  readonly exportedAt?: Date;
  readonly apply?: boolean;
  readonly removes: number;
}

/** `patchbay import`: a member list of a phone system without an API; shows what it would do unless told to do it. */
export function addImportCommand(program: Command, context: CommandContext): void {
  program
    .command('import <account>')
    .description("look at a phone system's own member list (CSV), and import it with --apply")
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption('--file <path>', 'the list; "-" reads standard input')
    .option('--complete', 'the list names everybody: whoever is not in it is not there any more')
    .addOption(
      new Option('--exported-at <time>', 'when it was exported, such as 2026-11-28T09:00Z').argParser(
        readTime,
      ),
    )
    .option('--apply', 'import it')
    .addOption(
      new Option('--removes <count>', 'with --apply: how many people disappear by it')
        .default(0)
        .argParser(readCount),
    )
    .action(async (name: string, options: ImportOptions, command: Command) => {
      const text = await context.readInput(options.file);
      const outcome = await context.withServices(async (services) => {
        const tenant = await services.tenants.bySlug(options.tenant);
        const account = await services.accounts.byName(tenant.id, name);
        const { imports } = buildByHand(services, () => undefined);
        const { actor } = context;
        const preview = await imports.preview({
          account,
          fileName: options.file === '-' ? 'standard input' : basename(options.file),
          text,
          isComplete: options.complete === true,
          exportedAt: options.exportedAt ?? null,
          actor,
        });
        const decision = { account, importId: preview.row.id, actor };
        if (options.apply !== true) {
          await imports.discard(decision);
          return { preview, figures: null };
        }
        const { digest } = preview;
        return { preview, figures: await imports.apply({ ...decision, digest, removes: options.removes }) };
      });
      const { merge, confirmed, reading } = outcome.preview;
      const value = { applied: outcome.figures !== null, ...merge, missing: reading.missing, confirmed };
      print(context, command, value, render(outcome.preview, outcome.figures !== null, options));
    });
}

function readTime(text: string): Date {
  const at = new Date(text);
  if (!Number.isNaN(at.getTime())) return at;
  throw new AppError('invalid', `"${text}" is no time. Write one such as 2026-11-28T09:00Z.`);
}

function readCount(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new AppError('invalid', `"${text}" is no number of people.`);
}

function render(
  { merge, reading, confirmed }: ImportPreview,
  isApplied: boolean,
  options: ImportOptions,
): string {
  const { added, changed, removed, kept, unchanged } = merge;
  const lines = [
    `${isApplied ? 'Imported' : 'This list would change'}: ${added.length} new, ${changed.length} changed, ${removed.length} gone, ${kept.length} left as they are, ${unchanged} as known.`,
    ...added.map(({ email }) => `  + ${email}`),
    ...changed.map(({ after }) => `  ~ ${after.email}`),
    ...removed.map(({ email }) => `  - ${email}`),
    ...confirmed.map((title) => `  done: ${title}`),
    ...(reading.missing.length === 0
      ? []
      : [`It says nothing about ${reading.missing.join(', ')}: that stays as known.`]),
  ];
  if (isApplied) return lines.join('\n');
  const removes = removed.length === 0 ? '' : ` --removes ${removed.length}`;
  const complete = options.complete === true ? ' --complete' : '';
  return [...lines, `Nothing was changed. To import it: --apply${complete}${removes}`].join('\n');
}
