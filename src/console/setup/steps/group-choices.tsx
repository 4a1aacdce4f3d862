import { ROLES, type Role } from '../../../domain/entitlement.js';
import type { ArrivedGroup, GroupPage, GroupQuery } from '../../../sso/setup/ports.js';
import type { GroupChoice } from '../../../sso/setup/starter-rules.js';
import { formatCount, formatNumber } from '../../kit/format.js';
import { h, type Markup } from '../../markup/markup.js';
import { Card, Cell, Empty, Table, TableRow } from '../../parts/blocks.js';
import { SearchField } from '../../parts/search-field.js';
import type { StepContext } from '../step.js';
import { isWhole } from './group-part.js';

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  agent: 'Agent',
  supervisor: 'Supervisor',
  admin: 'Admin',
};

/** One part of the groups that arrived, each with what it gives. */
export function GroupChoices({
  context: { state, fields },
  part,
  groups,
}: {
  readonly context: StepContext;
  readonly part: GroupQuery;
  readonly groups: GroupPage;
}): Markup {
  if (groups.rows.length === 0 && isWhole(part)) return <NoGroups state={state} />;
  const kept = state.link.progress.groupChoices;
  const chosen = new Map([...kept, ...readChoices(fields)].map((choice) => [choice.group, choice]));
  const shown = new Set(groups.rows.map(({ displayName }) => displayName));
  return (
    <div class="stack">
      <p class="lead">
        Members of a group that gives something get a phone account. Everybody else gets none. Finer rules,
        with numbers and conditions, can be written later.
      </p>
      <Elsewhere choices={kept.filter(({ group, role }) => role !== null && !shown.has(group))} />
      <Card>
        {isWhole(part) && groups.next === null ? null : <FindGroups part={part} />}
        {groups.rows.length === 0 ? (
          <Empty title="No group matches">
            <p>Nothing is lost: what was chosen for other groups is kept.</p>
          </Empty>
        ) : (
          <Table label="Groups and what they give" head={['Group', 'Role in the phone system', 'Team']}>
            {groups.rows.map((group, index) => (
              <GroupLine group={group} index={index} choice={chosen.get(group.displayName)} />
            ))}
          </Table>
        )}
        <Turn part={part} next={groups.next} />
      </Card>
    </div>
  );
}

function NoGroups({ state }: Pick<StepContext, 'state'>): Markup {
  return (
    <Card>
      <Empty title="No group has arrived yet">
        <p>
          {state.link.progress.source === 'sign-in'
            ? 'Your test sign-in brought none. Rules can be written in the console once the first people have signed in.'
            : 'Rules start from groups. Send at least one, or go on: rules can be written later in the console.'}
        </p>
      </Empty>
    </Card>
  );
}

/** What was chosen on other pages of the list: it counts as well. */
function Elsewhere({ choices }: { readonly choices: readonly GroupChoice[] }): Markup | null {
  if (choices.length === 0) return null;
  const named = choices.slice(0, NAMED_MAX).map(({ group }) => `“${group}”`);
  const more = choices.length - named.length;
  return (
    <p class="notice">
      Chosen already, beside what is shown here: {named.join(', ')}
      {more === 0 ? '' : ` and ${formatNumber(more)} more`}.
    </p>
  );
}

const NAMED_MAX = 5;

/** In front of the other buttons, so that Enter looks for what was typed. Whatever was chosen is kept on the way. */
function FindGroups({ part: { search } }: { readonly part: GroupQuery }): Markup {
  return (
    <div class="toolbar">
      <SearchField value={search} placeholder="Name of the group" autocomplete="off" />
      <button class="button plain" type="submit" name="go" value="find">
        Find
      </button>
    </div>
  );
}

function Turn({
  part: { search, after },
  next,
}: {
  readonly part: GroupQuery;
  readonly next: string | null;
}): Markup {
  return (
    <div>
      <input type="hidden" name="shown.search" value={search} />
      <input type="hidden" name="shown.after" value={after ?? ''} />
      {next === null ? null : <input type="hidden" name="next" value={next} />}
      {after === null && next === null ? null : (
        <div class="toolbar">
          {after === null ? null : <TurnButton way="first" label="First groups" />}
          {next === null ? null : <TurnButton way="next" label="More groups" />}
        </div>
      )}
    </div>
  );
}

function TurnButton({ way, label }: { readonly way: string; readonly label: string }): Markup {
  return (
    <button class="button plain small" type="submit" name="go" value={way}>
      {label}
    </button>
  );
}

function GroupLine({
  group,
  index,
  choice,
}: {
  readonly group: ArrivedGroup;
  readonly index: number;
  readonly choice: GroupChoice | undefined;
}): Markup {
  const key = String(index);
  return (
    <TableRow>
      <Cell>
        <input type="hidden" name={`group.${key}`} value={group.displayName} />
        <span class="strong">{group.displayName}</span>
        <span class="block quiet small">
          {group.members === null
            ? 'came with your test sign-in'
            : formatCount(group.members, 'member', 'members')}
        </span>
      </Cell>
      <Cell label="Role in the phone system">
        <select name={`role.${key}`} aria-label={`Role for ${group.displayName}`}>
          <option value="">No phone account</option>
          {ROLES.map((role) => (
            <option value={role} selected={choice?.role === role}>
              {ROLE_WORDS[role]}
            </option>
          ))}
        </select>
      </Cell>
      <Cell label="Team">
        <input
          name={`team.${key}`}
          value={choice?.team ?? ''}
          placeholder="No team"
          maxlength="200"
          autocomplete="off"
          aria-label={`Team for ${group.displayName}`}
        />
      </Cell>
    </TableRow>
  );
}

/** What the form says of the groups that it showed. */
export function readChoices(fields: Readonly<Record<string, string>>): readonly GroupChoice[] {
  const keys = Object.keys(fields).filter((name) => name.startsWith('group.'));
  return keys.map((name) => {
    const key = name.slice('group.'.length);
    const team = (fields[`team.${key}`] ?? '').trim();
    const role = ROLES.find((known) => known === fields[`role.${key}`]) ?? null;
    // Whoever names a team means that its people get an account.
    return {
      group: fields[name] ?? '',
      role: role ?? (team === '' ? null : 'agent'),
      team: team === '' ? null : team,
    };
  });
}
