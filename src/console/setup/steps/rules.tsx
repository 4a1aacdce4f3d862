import { ROLES, type Role } from '../../../domain/entitlement.js';
import type { ArrivedGroup } from '../../../sso/setup/ports.js';
import type { GroupChoice } from '../../../sso/setup/starter-rules.js';
import { formatCount, formatNumber } from '../../kit/format.js';
import { h, type Markup } from '../../markup/markup.js';
import { Card, Cell, Empty, Table, TableRow } from '../../parts/blocks.js';
import { PostForm } from '../../parts/post-form.js';
import { StepFoot } from '../layout.js';
import { setupPaths } from '../paths.js';
import type { StepContext, StepPage } from '../step.js';

/** What the groups that arrived give in the phone system. */
export const rulesStep: StepPage = {
  title: () => 'What does each group get?',
  async show(context) {
    const { journey, state, csrf } = context;
    const [{ groups, isCut }, haveRules] = await Promise.all([
      journey.arrival(state),
      journey.haveRules(state),
    ]);
    return (
      <PostForm action={setupPaths.step('rules')} session={{ csrf }}>
        {haveRules ? <RulesAreThere /> : <Choices context={context} groups={groups} isCut={isCut} />}
        <StepFoot>
          <button class="button" type="submit">
            {haveRules || groups.length === 0 ? 'Go on' : 'Show what would happen'}
          </button>
          {groups.length === 0 && !haveRules ? <a href={setupPaths.step('rules')}>Look again</a> : null}
        </StepFoot>
      </PostForm>
    );
  },
  async submit({ journey, state, fields }) {
    return { type: 'next', state: await journey.chooseRules(state, readChoices(fields)) };
  },
};

function RulesAreThere(): Markup {
  return (
    <p class="notice">
      There are rules already, and a set-up does not write over them. They apply to everybody who arrives;
      change them in the console under “Groups and rules”.
    </p>
  );
}

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  agent: 'Agent',
  supervisor: 'Supervisor',
  admin: 'Admin',
};

function Choices({
  context: { state, fields },
  groups,
  isCut,
}: {
  readonly context: StepContext;
  readonly groups: readonly ArrivedGroup[];
  readonly isCut: boolean;
}): Markup {
  if (groups.length === 0) {
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
  const typed = readChoices(fields);
  const shown = typed.length === 0 ? state.link.progress.groupChoices : typed;
  const chosen = new Map(shown.map((choice) => [choice.group, choice]));
  return (
    <div class="stack">
      <p class="lead">
        Members of a group that gives something get a phone account. Everybody else gets none. Finer rules,
        with numbers and conditions, can be written later.
      </p>
      <Card>
        <Table label="Groups and what they give" head={['Group', 'Role in the phone system', 'Team']}>
          {groups.map((group, index) => (
            <GroupLine group={group} index={index} choice={chosen.get(group.displayName)} />
          ))}
        </Table>
      </Card>
      {isCut ? (
        <p class="notice">
          These are the first {formatNumber(groups.length)} groups by name. Rules for the others can be
          written in the console under “Groups and rules” once the set-up is done.
        </p>
      ) : null}
    </div>
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

function readChoices(fields: Readonly<Record<string, string>>): readonly GroupChoice[] {
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
