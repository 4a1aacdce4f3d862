import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isAppError } from '../../../src/domain/errors.js';
import { PROVIDERS, providerDefinition } from '../../../src/providers/registry.js';

const folder = path.join(import.meta.dirname, '../../../src/providers');

test('every vendor folder is registered under its own name', () => {
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

  expect(Object.keys(PROVIDERS).sort()).toEqual(folders.sort());
  expect(Object.entries(PROVIDERS).map(([id, definition]) => definition.id === id)).not.toContain(false);
});

test.each(Object.values(PROVIDERS).map((definition) => [definition.id, definition] as const))(
  '%s has settings that need no value and survive being stored',
  (_id, definition) => {
    const config = definition.configSchema.parse({});

    expect(definition.configSchema.parse(JSON.parse(JSON.stringify(config)))).toEqual(config);
    expect(definition.configSchema.safeParse({ unknownKey: 1 }).success).toBe(false);
    expect(definition.secretSchema.safeParse({}).success).toBe(false);
    expect(definition.pacingFor(config).limitPerMinute).toBeLessThan(definition.limits.requestsPerMinute);
    expect(definition.dashboardLink(config, '12')).toMatch(/^https:\/\/.*12/);
    expect(definition.dashboardLink(config, null)).toMatch(/^https:\/\//);
    expect(definition.capabilitiesFor(config)).toEqual(definition.capabilities);
  },
);

test.each(['genesys', 'constructor', ''])('an unknown vendor ("%s") is refused with the known ones', (id) => {
  const refused = (): unknown => {
    try {
      return providerDefinition(id);
    } catch (error) {
      return error;
    }
  };

  const error = refused();

  expect(isAppError(error, 'invalid')).toBe(true);
  expect(String(error)).toContain('aircall');
});

test('a known vendor is found', () => {
  expect(providerDefinition('aircall').displayName).toBe('Aircall');
});
