import type { Command } from 'commander';
import { diffRules, isEmptyDiff, type RuleDifference, type RulesDiff } from '../../domain/rules/diff.js';
import type { MappingRule, RuleSet } from '../../domain/mapping.js';
import { renderRuleFile } from '../../config/rules/render.js';
import type { Services } from '../services.js';
import { print, type CommandContext } from './context.js';

/** `patchbay rules diff <a> [b]`: each a version number, `current`, or a rule file. */
export function addRulesDiff(rules: Command, context: CommandContext): void {
  rules
    .command('diff <before> [after]')
    .description('show by rule how two versions, or a file and the current rules, differ')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(
      async (
        before: string,
        after: string | undefined,
        { tenant }: { readonly tenant: string },
        command: Command,
      ) => {
        // One name alone is compared with the current rules: a file is what they would become, a version what they were.
        const isVersionAlone = after === undefined && isVersion(before);
        const [from, to] = isVersionAlone
          ? [before, 'current']
          : [after === undefined ? 'current' : before, after ?? before];
        const diff = await context.withServices(async (services) => {
          const { id } = await services.tenants.bySlug(tenant);
          const load = (name: string) => loadRules(services, context, id, name);
          return diffRules(await load(from), await load(to));
        });
        print(context, command, diff, renderDiff(diff));
      },
    );
}

async function loadRules(
  { rules }: Services,
  context: CommandContext,
  tenantId: string,
  name: string,
): Promise<RuleSet> {
  if (name === 'current') return (await rules.get(tenantId)).ruleSet;
  if (isVersion(name)) return (await rules.get(tenantId, Number(name))).ruleSet;
  return (await rules.check(tenantId, await context.readInput(name))).ruleSet;
}

function isVersion(name: string): boolean {
  return /^[1-9]\d{0,8}$/.test(name);
}

/** Readable: one block a rule, what goes marked `-`, what comes `+`. */
export function renderDiff(diff: RulesDiff): string {
  if (isEmptyDiff(diff)) return 'Both say the same.';
  const { defaultRole, owners, rules } = diff;
  return [
    ...(defaultRole === null ? [] : [`default role: ${defaultRole.before} -> ${defaultRole.after}`]),
    ...owners.added.map((owner) => `+ owner ${owner}`),
    ...owners.removed.map((owner) => `- owner ${owner}`),
    ...rules.flatMap(renderRule),
  ].join('\n');
}

function renderRule(rule: RuleDifference): readonly string[] {
  switch (rule.change) {
    case 'added':
      return [`+ rule "${rule.id}"`, ...linesOf(rule.after).map((line) => `    + ${line}`)];
    case 'removed':
      return [`- rule "${rule.id}"`, ...linesOf(rule.before).map((line) => `    - ${line}`)];
    case 'changed': {
      const [before, after] = [linesOf(rule.before), linesOf(rule.after)];
      return [
        `~ rule "${rule.id}": ${rule.parts.join(', ')}`,
        ...before.filter((line) => !after.includes(line)).map((line) => `    - ${line}`),
        ...after.filter((line) => !before.includes(line)).map((line) => `    + ${line}`),
      ];
    }
  }
}

/** The rule as in a file, each value with the keys that lead to it. */
function linesOf(rule: MappingRule): readonly string[] {
  const text = renderRuleFile({ version: 1, defaultRole: 'agent', owners: [], rules: [rule] });
  const path: { readonly indent: number; readonly key: string }[] = [];
  const lines = text.slice(text.indexOf('rules:')).split('\n').slice(2);
  return lines.flatMap((line) => {
    const indent = line.search(/\S/);
    if (indent === -1) return [];
    while ((path.at(-1)?.indent ?? -1) >= indent) path.pop();
    const key = /^\s*(?:- )?([\w]+):$/.exec(line)?.[1];
    if (key === undefined) return [[...path.map((one) => one.key), line.trim()].join(' ')];
    path.push({ indent, key });
    return [];
  });
}
