import type { Command } from 'commander';
import type { CommandContext } from './context.js';

type AddCommand = (program: Command, context: CommandContext) => void;

/**
 * Every command by its first word, in the order of the help. Each is loaded when it is asked for: the whole service,
 * with console, queue and simulated phone systems, takes a second to load, and a script calls many small commands.
 */
export const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  serve: async () => (await import('./serve.js')).addServeCommand,
  worker: async () => (await import('./worker.js')).addWorkerCommand,
  demo: async () => (await import('./demo.js')).addDemoCommand,
  migrate: async () => (await import('./migrate.js')).addMigrateCommand,
  tenant: async () => (await import('./tenant.js')).addTenantCommands,
  token: async () => (await import('./token.js')).addTokenCommands,
  oauth: async () => (await import('./oauth.js')).addOAuthCommands,
  account: async () => (await import('./account.js')).addAccountCommands,
  import: async () => (await import('./import.js')).addImportCommand,
  providers: async () => (await import('./providers.js')).addProvidersCommand,
  console: async () => (await import('./console.js')).addConsoleCommands,
  sso: async () => (await import('./sso/sso.js')).addSsoCommands,
  rules: async () => (await import('./rules.js')).addRulesCommands,
  plan: async () => (await import('./plan.js')).addPlanCommand,
  plans: async () => (await import('./plans.js')).addPlansCommands,
  worklist: async () => (await import('./worklist.js')).addWorklistCommands,
  leavers: async () => (await import('./leavers.js')).addLeaversCommands,
  reconcile: async () => (await import('./reconcile.js')).addReconcileCommand,
  findings: async () => (await import('./findings.js')).addFindingsCommands,
  comparisons: async () => (await import('./comparisons.js')).addComparisonsCommands,
  idp: async () => (await import('./idp.js')).addIdpCommands,
  report: async () => (await import('./report.js')).addReportCommands,
  mail: async () => (await import('./mail.js')).addMailCommands,
  audit: async () => (await import('./audit.js')).addAuditCommands,
  doctor: async () => (await import('./doctor.js')).addDoctorCommand,
};
