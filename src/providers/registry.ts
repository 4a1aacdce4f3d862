import type { Capabilities } from '../domain/capabilities.js';
import { AppError } from '../domain/errors.js';
import { aircall } from './aircall/definition.js';
import type { ProviderDefinition } from './port.js';
import { smartflo } from './smartflo/definition.js';
import { vxt } from './vxt/definition.js';

/** Every vendor that Patchbay speaks to, by its folder's name. Adding one is this line and its folder. */
export const PROVIDERS: Readonly<Record<string, ProviderDefinition>> = {
  aircall,
  smartflo,
  vxt,
};

/** @throws AppError `invalid` that names the known providers */
export function providerDefinition(providerId: string): ProviderDefinition {
  const definition = Object.hasOwn(PROVIDERS, providerId) ? PROVIDERS[providerId] : undefined;
  if (definition !== undefined) return definition;
  throw new AppError(
    'invalid',
    `There is no phone system called "${providerId}". Choose one of: ${Object.keys(PROVIDERS).join(', ')}.`,
  );
}

/** Whether a provider's calls are listed, so that the use of its seats can be compared. */
export function listsCalls(providerId: string): boolean {
  return PROVIDERS[providerId]?.capabilities.listsCalls !== false;
}

/** What an account's vendor can do, by the account's own settings. @throws AppError `invalid` for an unknown vendor */
export function capabilitiesOf(account: {
  readonly provider: string;
  readonly config: unknown;
}): Capabilities {
  const definition = providerDefinition(account.provider);
  return definition.capabilitiesFor(definition.configSchema.parse(account.config));
}
