import { AIRCALL_SUBJECT } from './aircall-harness.js';
import { describeProviderContract } from './provider-contract.js';

describeProviderContract(AIRCALL_SUBJECT);
