import { describeProblems, parseRuleFile } from '../config/rule-file.js';
import { AppError } from '../domain/errors.js';
import type { RuleSet } from '../domain/mapping.js';
import type { Notice } from '../domain/plan.js';
import { checkRulesAgainst, unknownAccounts } from '../domain/rules/check.js';
import type { AccountStore } from '../tenancy/ports.js';
import type { ProviderAccess } from './provider-access.js';

/** Text of a rule file to rules. Throws AppError `invalid` that names every problem with its line and remedy. */
export function parseRules(text: string): RuleSet {
  const result = parseRuleFile(text, 0);
  if (result.ok) return result.ruleSet;
  const lines = describeProblems(result.problems, 'line').map((line) => `  ${line}`);
  throw new AppError('invalid', `The rules cannot be used, nothing was saved:\n${lines.join('\n')}`);
}

/** What the tenant's accounts, with their settings as they are, cannot hold of these rules. */
export async function checkRules(
  deps: { readonly accounts: AccountStore; readonly providers: ProviderAccess },
  tenantId: string,
  ruleSet: RuleSet,
): Promise<readonly Notice[]> {
  const accounts = await deps.accounts.list(tenantId);
  const names = accounts.map(({ name }) => name);
  const perAccount = accounts.flatMap((account) => {
    const definition = deps.providers.definition(account.provider);
    const capabilities = definition.capabilitiesFor(definition.configSchema.parse(account.config));
    return checkRulesAgainst(ruleSet, { account, capabilities, limits: definition.limits });
  });
  return [...unknownAccounts(ruleSet, names), ...perAccount];
}
