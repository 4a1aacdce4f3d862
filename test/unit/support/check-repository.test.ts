import { describe, expect, it } from 'vitest';
import { findRepositoryProblems } from '../../support/check-repository.js';

const lockfile = (entry: object) => ({
  path: 'package-lock.json',
  content: JSON.stringify({ packages: { 'node_modules/a': entry } }),
});

describe('the repository', () => {
  it('has a lockfile without download addresses', () => {
    expect(
      findRepositoryProblems([lockfile({ version: '1.0.0', integrity: 'sha512-x' })], undefined),
    ).toEqual([]);
    for (const resolved of [
      'https://mirror.example/a.tgz',
      'http://10.0.0.1/a.tgz',
      'git+ssh://git@host/a.git',
    ]) {
      expect(findRepositoryProblems([lockfile({ resolved })], undefined)).toEqual([
        'package-lock.json: holds a download address for node_modules/a. Remove its "resolved" line.',
      ]);
    }
  });

  it('has a lockfile that knows the binaries of every platform, or npm ci would refuse it', () => {
    const content = JSON.stringify({
      packages: {
        'node_modules/a': { optionalDependencies: { '@a/linux-x64': '1.0.0', '@a/darwin-x64': '1.0.0' } },
        'node_modules/a/node_modules/@a/linux-x64': { version: '1.0.0' },
      },
    });
    expect(findRepositoryProblems([{ path: 'package-lock.json', content }], undefined)).toEqual([
      'package-lock.json: @a/darwin-x64 is missing, so npm ci refuses it. Add its version, os and cpu.',
    ]);
  });

  it('names no package registry: no public one, and not the one of the machine at hand', () => {
    const mirror = 'https://mirror.example:8443/npm/';
    for (const host of [['registry', 'npmjs', 'org'].join('.'), 'mirror.example:8443']) {
      const file = { path: '.npmrc', content: `registry=https://${host}/` };
      expect(findRepositoryProblems([file], mirror)).toEqual([`.npmrc: names the package registry ${host}.`]);
    }
    expect(findRepositoryProblems([{ path: 'README.md', content: 'npm ci' }], mirror)).toEqual([]);
  });
});
