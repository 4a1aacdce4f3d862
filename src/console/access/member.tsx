import { CONSOLE_ROLES } from '../../sso/console-role.js';
import type { PinnedRole, TeamMember, TeamSession } from '../../sso/team-ports.js';
import { can, type PageContext } from '../kit/context.js';
import { Moment } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { TypedConfirmation } from '../parts/typed-confirmation.js';
import { paths } from '../paths.js';
import { ROLE_WORDS } from './role-words.js';
import { SessionsCard } from './sessions.js';

export interface MemberShown {
  readonly context: PageContext;
  readonly member: TeamMember;
  readonly sessions: readonly TeamSession[];
}

/** One person of the console: role, sessions, and the way out. */
export function MemberPage(shown: MemberShown): Markup {
  const { context, member, sessions } = shown;
  const canWrite = can(context, 'access:write');
  return (
    <div>
      <PageHead
        title={member.displayName}
        lead={member.email ?? undefined}
        crumbs={{ href: paths.access(), label: 'Team and access' }}
      >
        {member.kind === 'local' ? <Badge tone="warn">Break-glass</Badge> : null}
        <Badge tone="info">{member.role === null ? 'No access' : ROLE_WORDS[member.role].label}</Badge>
      </PageHead>
      <div class="stack">
        <Facts member={member} />
        {member.kind === 'sso' && canWrite ? <RoleCard {...shown} /> : null}
        <SessionsCard
          context={context}
          sessions={sessions}
          canEnd={canWrite}
          endPath={(id) => memberPath(member, `/sessions/${encodeURIComponent(id)}/end`)}
        >
          {canWrite && sessions.length > 1 ? <EndAll {...shown} /> : null}
        </SessionsCard>
        {member.kind === 'local' && canWrite ? <RemoveCard {...shown} /> : null}
      </div>
    </div>
  );
}

export function memberPath({ id }: Pick<TeamMember, 'id'>, rest = ''): string {
  return paths.access(`/people/${encodeURIComponent(id)}${rest}`);
}

function Facts({ member }: { readonly member: TeamMember }): Markup {
  return (
    <Card>
      <dl class="pairs card-body">
        <dt>Comes from</dt>
        <dd>
          {member.kind === 'local' ? `This machine, as “${member.loginName ?? ''}”` : 'The identity provider'}
        </dd>
        <dt>Role</dt>
        <dd>{roleSentence(member)}</dd>
        <dt>First seen</dt>
        <dd>
          <Moment at={member.createdAt} />
        </dd>
        <dt>Last signed in</dt>
        <dd>{member.lastLoginAt === null ? 'Never' : <Moment at={member.lastLoginAt} />}</dd>
      </dl>
    </Card>
  );
}

function roleSentence({ kind, role, pinnedRole }: TeamMember): string {
  const held = role === null ? 'No access' : ROLE_WORDS[role].label;
  if (kind === 'local') return `${held}, past the identity provider`;
  return pinnedRole === null ? `${held}, by the identity provider` : `${held}, chosen here`;
}

const CHOICES: readonly PinnedRole[] = [...CONSOLE_ROLES.toReversed(), 'none'];

function RoleCard({ context, member }: MemberShown): Markup {
  return (
    <Card title="Role">
      <PostForm action={memberPath(member, '/role')} session={context.session} class="card-body stack-s">
        <Choice value="" label="From the identity provider" isChosen={member.pinnedRole === null}>
          Its group decides at each sign-in.
        </Choice>
        {CHOICES.map((role) => (
          <Choice value={role} label={ROLE_WORDS[role].label} isChosen={member.pinnedRole === role}>
            {ROLE_WORDS[role].meaning}
          </Choice>
        ))}
        <p class="quiet small">
          A role that is chosen here replaces the one that the identity provider gives. Whoever gets none
          there any more gets in no more, whatever is chosen here.
        </p>
        <div>
          <button class="button" type="submit">
            Change the role
          </button>
        </div>
      </PostForm>
    </Card>
  );
}

function Choice({
  value,
  label,
  isChosen,
  children,
}: {
  readonly value: string;
  readonly label: string;
  readonly isChosen: boolean;
  readonly children?: string | readonly string[];
}): Markup {
  return (
    <label class="choice">
      <input type="radio" name="role" value={value} checked={isChosen} />
      <span>
        <span class="strong">{label}</span>
        <br />
        <span class="quiet small">{children}</span>
      </span>
    </label>
  );
}

function EndAll({ context, member }: MemberShown): Markup {
  const isOwn = member.id === context.session.userId;
  return (
    <div class="card-body">
      <PostForm action={memberPath(member, '/sessions/end')} session={context.session}>
        <button class="button plain" type="submit">
          {isOwn ? 'End every other session' : 'End every session'}
        </button>
      </PostForm>
    </div>
  );
}

function RemoveCard({ context, member }: MemberShown): Markup {
  return (
    <Card title="Remove this break-glass owner">
      <div class="card-body stack-s">
        <p class="quiet">
          Password, authenticator and recovery codes stop working at once. Make another one with{' '}
          <code>npx patchbay console owner</code>.
        </p>
        <TypedConfirmation
          action={memberPath(member, '/remove')}
          session={context.session}
          word={member.loginName ?? member.displayName}
          button="Remove the owner"
        />
      </div>
    </Card>
  );
}
