import { AIRCALL_SUBJECT } from '../../contract/aircall-harness.js';
import { describeEngineContract } from '../../contract/engine-contract.js';

describeEngineContract(AIRCALL_SUBJECT);
