import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONSOLE_ROLES } from '../../../src/sso/console-role.js';
import { openTo, pagesOf, type ConsolePage } from '../../support/console-pages.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { visit, type Seen, type Visitor } from '../../support/console-visitor.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';

let world: ConsoleWorld;
let story: Story;
let pages: readonly ConsolePage[];

beforeAll(async () => {
  world = await openConsole(await createTestDatabase());
  story = await tellStory(world);
  pages = (await pagesOf(world, story)).filter(({ name }) => name !== 'not-found');
});
afterAll(async () => {
  await story?.stop();
  await world?.close();
});

/** Exports are read to their end elsewhere. */
const FILES = /\/assets\/|\.(?:csv|json|html|md)(?:\?|$)/;

/** Links that lead nowhere, or to where the person may not go. */
async function badLinks(visitor: Visitor, paths: readonly string[]): Promise<readonly string[]> {
  const opened = new Map<string, Seen>();
  const open = async (path: string): Promise<Seen> => {
    const seen = opened.get(path) ?? (await visitor.get(path));
    opened.set(path, seen);
    return seen;
  };
  const links = new Map<string, string>();
  for (const path of paths) {
    for (const target of targetsIn(await open(path))) if (!links.has(target)) links.set(target, path);
  }
  const bad: string[] = [];
  for (const [target, from] of links) {
    const { status } = await open(target);
    if (status !== 200 && status !== 303) bad.push(`${from} -> ${target}: ${String(status)}`);
  }
  return bad;
}

/** Where a page leads within the console. */
function targetsIn({ html }: Seen): readonly string[] {
  return [...html.matchAll(/<a [^>]*?href="\/console([^"]*)"/g)]
    .map(([, href = '']) => href.replaceAll('&amp;', '&').split('#')[0] ?? '')
    .filter((target) => !FILES.test(target));
}

describe('links', () => {
  it.each(CONSOLE_ROLES)('lead a %s only where a person of that role may go', async (role) => {
    const visitor = await visit(world, story.tenantId, role);
    const paths = openTo(pages, role).map(({ path }) => path);
    expect(await badLinks(visitor, paths)).toEqual([]);
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
