import { makeAircallSandbox } from '../../../src/sandbox/aircall/sandbox.js';

/** A sandbox in a process of its own, for tests that kill it. Arguments: state file, log file. */
const [, , stateFile, requestLogFile] = process.argv;
const sandbox = makeAircallSandbox({
  ...(stateFile === undefined ? {} : { stateFile }),
  ...(requestLogFile === undefined ? {} : { requestLogFile }),
  settings: { requestsPerMinute: null },
});
const company = await sandbox.dashboard.seedCompany({
  name: 'Example',
  owner: { email: 'owner@example.com', firstName: 'Olive', lastName: 'Owner' },
});
const { url } = await sandbox.start();
process.stdout.write(`${JSON.stringify({ url, apiId: company.apiId, apiToken: company.apiToken })}\n`);
