import { makeSmartfloSandbox } from '../../../src/sandbox/smartflo/sandbox.js';

/** A simulated Smartflo in a process of its own, for tests that kill it. Arguments: state file, log file. */
const [, , stateFile = '', requestLogFile = ''] = process.argv;
const sandbox = makeSmartfloSandbox({ stateFile, requestLogFile, settings: { requestsPerSecond: null } });
const { token } = await sandbox.dashboard.seedAccount({
  name: 'Example',
  owner: { email: 'owner@example.com', name: 'Olive Owner' },
  departments: ['Support'],
});
const { url } = await sandbox.start();
process.stdout.write(`${JSON.stringify({ url, token })}\n`);
