import { IDP_WORDS } from '../../sso/idp-words.js';
import type { SetupStep } from '../../sso/setup-ports.js';
import type { SetupState } from '../../sso/setup/state.js';

/** Names of the steps beside the page. */
export const STEP_LABELS: Readonly<Record<SetupStep, string>> = {
  idp: 'Identity provider',
  'service-provider': 'Application',
  metadata: 'Metadata',
  attributes: 'Roles',
  test: 'Test sign-in',
  scim: 'People and groups',
  'first-request': 'First request',
  rules: 'Rules',
  impact: 'Impact',
  'go-live': 'Go live',
};

/** What the identity provider is called in sentences. */
export function idpName({ link }: Pick<SetupState, 'link'>): string {
  return IDP_WORDS[link.progress.idpKind ?? 'generic'].name;
}
