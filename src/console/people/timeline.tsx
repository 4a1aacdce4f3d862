import type { TimelineEntry } from '../../administration/people.js';
import type { Capabilities } from '../../domain/capabilities.js';
import { Ago } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty } from '../parts/blocks.js';
import { changeWords } from '../parts/change-words.js';
import { eventWords } from '../parts/event-words.js';
import { CHANGE_STATE_WORDS } from '../parts/words.js';
import { paths } from '../paths.js';

/** What happened to a person, newest first: pushes of the identity provider and what followed from them. */
export function Timeline({
  entries,
  capabilities,
  now,
}: {
  readonly entries: readonly TimelineEntry[];
  /** Of each phone system, by its name. */
  readonly capabilities: ReadonlyMap<string, Capabilities>;
  readonly now: Date;
}): Markup {
  return (
    <Card title="Timeline">
      {entries.length === 0 ? (
        <Empty title="Nothing happened yet" />
      ) : (
        <ol class="timeline plain">
          {entries.map((entry) =>
            entry.type === 'event' ? (
              <EventEntry entry={entry} now={now} />
            ) : (
              <ChangeEntry entry={entry} capabilities={capabilities.get(entry.account) ?? null} now={now} />
            ),
          )}
        </ol>
      )}
    </Card>
  );
}

function EventEntry({
  entry,
  now,
}: {
  readonly entry: Extract<TimelineEntry, { type: 'event' }>;
  readonly now: Date;
}): Markup {
  return (
    <li>
      <p>{eventWords(entry.action)}</p>
      <p class="quiet small">
        <Ago at={entry.at} now={now} /> · {entry.actor}
        {attributesOf(entry.data)}
      </p>
    </li>
  );
}

/** Names of the attributes that a push changed. */
function attributesOf(data: Readonly<Record<string, unknown>>): string {
  const names = data['attributes'] ?? data['changed'];
  return Array.isArray(names) && names.length > 0 ? ` · ${names.join(', ')}` : '';
}

function ChangeEntry({
  entry,
  capabilities,
  now,
}: {
  readonly entry: Extract<TimelineEntry, { type: 'change' }>;
  readonly capabilities: Capabilities | null;
  readonly now: Date;
}): Markup {
  const { change, state } = entry;
  const words = CHANGE_STATE_WORDS[state] ?? { label: state, tone: 'plain' as const };
  return (
    <li class={state === 'failed' ? 'bad' : 'change'}>
      <p class="row">
        <span>{changeWords(change, capabilities)}</span>
        <Badge tone={words.tone}>{words.label}</Badge>
      </p>
      <p class="quiet small">
        <Ago at={entry.at} now={now} /> · {entry.account} · {change.reason} ·{' '}
        <a href={paths.plan(entry.planId)}>plan</a>
      </p>
      {entry.error === null ? null : <p class="small">{entry.error}</p>}
    </li>
  );
}
