import type { SetupStep } from '../../../sso/setup-ports.js';
import type { StepPage } from '../step.js';
import { applicationStep } from './application.js';
import { attributesStep } from './attributes.js';
import { firstRequestStep } from './first-request.js';
import { goLiveStep } from './go-live.js';
import { idpStep } from './idp.js';
import { impactStep } from './impact.js';
import { metadataStep } from './metadata.js';
import { rulesStep } from './rules.js';
import { scimStep } from './scim.js';
import { testStep } from './test.js';

export const STEP_PAGES: Readonly<Record<SetupStep, StepPage>> = {
  idp: idpStep,
  'service-provider': applicationStep,
  metadata: metadataStep,
  attributes: attributesStep,
  test: testStep,
  scim: scimStep,
  'first-request': firstRequestStep,
  rules: rulesStep,
  impact: impactStep,
  'go-live': goLiveStep,
};
