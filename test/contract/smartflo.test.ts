import { describeProviderContract } from './provider-contract.js';
import { SMARTFLO_SUBJECT } from './smartflo-harness.js';

describeProviderContract(SMARTFLO_SUBJECT);
