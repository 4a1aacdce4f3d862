import { describeEngineContract } from '../../contract/engine-contract.js';
import { SMARTFLO_SUBJECT } from '../../contract/smartflo-harness.js';

describeEngineContract(SMARTFLO_SUBJECT);
