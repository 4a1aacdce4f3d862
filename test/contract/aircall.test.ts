import { startAircall } from './aircall-harness.js';
import { describeProviderContract } from './provider-contract.js';

describeProviderContract('aircall', startAircall);
