import type { Story } from './console-story.js';
import type { ConsoleWorld } from './console-world.js';

/** Names that would break a page that trusts them. Each runs or shifts something if it gets out of its place. */
export const HOSTILE = {
  script: '<script>document.title="owned"</script>',
  image: '"><img src=x onerror="document.title=\'owned\'">',
  attribute: "' autofocus onfocus='document.title=1' x='",
  rightToLeft: '‮مرحبا بالعالم',
  long: 'Supercalifragilisticexpialidocious'.repeat(6).slice(0, 200),
  emoji: '👩‍👩‍👧‍👦🇫🇷 Zoë 🎧',
  entity: '&lt;b&gt;bold&lt;/b&gt; &amp;',
} as const;

/** Puts hostile text wherever the outside world, or another admin, may put text. */
export async function addHostility(world: ConsoleWorld, story: Story): Promise<void> {
  const { services } = world;
  const { tenantId } = story;
  const context = { tenantId, actor: `scim:${HOSTILE.image}`, correlationId: null };
  for (const [key, name] of Object.entries(HOSTILE)) {
    const { id } = await world.users.create(context, {
      userName: `${key}${name}@x.example`,
      displayName: name,
      externalId: name,
      title: name,
      emails: [{ value: `${key}@x.example`, type: 'work', primary: true }],
      name: { givenName: name, familyName: name },
      active: true,
    });
    await world.groups.create(context, { displayName: `${key} ${name}`, externalId: name }, [id]);
  }
  const { script, image, long } = HOSTILE;
  await services.tokens.create({ tenantId, kind: 'scim', name: image, expiresAt: null, actor: script });
  await services.tokens.create({
    tenantId,
    kind: 'admin',
    name: script,
    scopes: ['read'],
    expiresAt: null,
    actor: long,
  });
  await services.accounts.setPaused(story.account, `${script} ${image} ${long}`, script);
  const db = services.database.forTenant(tenantId);
  await db
    .updateTable('worklist_items')
    .set({
      title: `${script} ${long}`,
      comment: image,
      assignee: image,
      steps: JSON.stringify([script, image, long]),
      link: 'javascript:document.title="owned"',
    })
    .execute();
  await db
    .updateTable('plans')
    .set({ trigger: script, decided_by: image })
    .where('state', '=', 'held')
    .execute();
  await db
    .updateTable('dirty_subjects')
    .set({ last_error: `${script} ${image}` })
    .execute();
  const { source } = await services.rules.get(tenantId);
  const text = `${source}\n  - id: hostile\n    when: { group: ${JSON.stringify(`script ${script}`)} }\n    grant: { teams: [${JSON.stringify(image)}] }\n`;
  await services.rules.save({ tenantId, text, note: image, actor: script });
}
