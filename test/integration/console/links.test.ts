import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONSOLE_ROLES } from '../../../src/sso/console-role.js';
import { openTo, pagesOf } from '../../support/console-pages.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { visit, type Visitor } from '../../support/console-visitor.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';

let world: ConsoleWorld;
let story: Story;

beforeAll(async () => {
  world = await openConsole(await createTestDatabase());
  story = await tellStory(world);
});
afterAll(async () => {
  await story?.stop();
  await world?.close();
});

/** Exports are read to their end elsewhere. */
const FILES = /\/assets\/|\.(?:csv|json|html|md)(?:\?|$)/;

/** Where the pages lead that this person may open. */
async function linksOf(visitor: Visitor, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const links = new Map<string, string>();
  for (const path of paths) {
    const { html } = await visitor.get(path);
    for (const [, href = ''] of html.matchAll(/<a [^>]*?href="(\/console[^"]*)"/g)) {
      const target = href.replaceAll('&amp;', '&').slice('/console'.length).split('#')[0] ?? '';
      if (!FILES.test(target) && !links.has(target)) links.set(target, path);
    }
  }
  return links;
}

/** Links that lead nowhere, or to where the person may not go. */
async function badLinks(visitor: Visitor, paths: readonly string[]): Promise<readonly string[]> {
  const bad: string[] = [];
  for (const [target, from] of await linksOf(visitor, paths)) {
    const { status } = await visitor.get(target);
    if (status !== 200 && status !== 303) bad.push(`${from} -> ${target}: ${String(status)}`);
  }
  return bad;
}

describe('links', () => {
  it.each(CONSOLE_ROLES)('lead a %s only where a person of that role may go', async (role) => {
    const visitor = await visit(world, story.tenantId, role);
    const pages = openTo(await pagesOf(world, story), role).filter(({ name }) => name !== 'not-found');
    expect(
      await badLinks(
        visitor,
        pages.map(({ path }) => path),
      ),
    ).toEqual([]);
  });

  it.each(CONSOLE_ROLES)(
    'do so on the pages of an organisation that has nothing yet, for a %s',
    async (role) => {
      const { id } = await world.services.tenants.create({ slug: `new-${role}`, actor: 'test' });
      const visitor = await visit(world, id, role);
      const paths = ['/', '/people', '/groups', '/rules', '/plans', '/leavers', '/worklist', '/accounts'];
      expect(await badLinks(visitor, [...paths, '/connections', '/findings', '/me'])).toEqual([]);
    },
  );
});
