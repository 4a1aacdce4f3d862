#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 12)) {
  // Not a static import: what it loads does not even parse on an older Node.
  const { runCli } = await import('./app/cli.js');
  process.exitCode = await runCli();
} else {
  process.stderr.write(
    `Patchbay needs Node 22.12 or later; this is ${process.versions.node}. ` +
      'In a checkout, use "npx patchbay" or the npm scripts: they run the Node that "npm ci" has installed.\n',
  );
  process.exitCode = 2;
}
