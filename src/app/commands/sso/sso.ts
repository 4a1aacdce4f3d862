import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { addCertificateCommand } from './certificates.js';
import { addConnectionCommands } from './connections.js';
import { addDomainCommands } from './domains.js';
import { addSettingCommands } from './settings.js';
import { addSetupLinkCommands } from './setup-links.js';
import { addTestCommands } from './tests.js';

/** `patchbay sso …`: everything about signing in, for people and for scripts. */
export function addSsoCommands(program: Command, context: CommandContext): void {
  const sso = program.command('sso').description('single sign-on of a tenant (SAML) and its set-up');
  addConnectionCommands(sso, context);
  addSettingCommands(sso, context);
  addTestCommands(sso, context);
  addCertificateCommand(sso, context);
  addDomainCommands(sso, context);
  addSetupLinkCommands(sso, context);
}
