import type { TeamSession } from '../../sso/team-ports.js';
import type { PageContext } from '../kit/context.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';
import { ROLE_WORDS } from './role-words.js';
import { SessionsCard } from './sessions.js';

/** Whoever is signed in: what they may do, and where else they are signed in. */
export function MePage({
  context,
  sessions,
}: {
  readonly context: PageContext;
  readonly sessions: readonly TeamSession[];
}): Markup {
  const { session } = context;
  const role = ROLE_WORDS[session.role];
  return (
    <div>
      <PageHead title="Your account" lead={session.email ?? undefined} />
      <div class="stack">
        <Card>
          <dl class="pairs card-body">
            <dt>Name</dt>
            <dd>{session.displayName}</dd>
            <dt>Organisation</dt>
            <dd>{session.tenantSlug}</dd>
            <dt>Role</dt>
            <dd>
              {role.label}: <span class="quiet">{role.meaning}</span>
            </dd>
          </dl>
        </Card>
        <SessionsCard
          context={context}
          sessions={sessions}
          canEnd
          endPath={(id) => paths.me(`/sessions/${encodeURIComponent(id)}/end`)}
        >
          {sessions.length > 1 ? (
            <div class="card-body">
              <PostForm action={paths.me('/sessions/end')} session={session}>
                <button class="button plain" type="submit">
                  End every other session
                </button>
              </PostForm>
            </div>
          ) : null}
        </SessionsCard>
      </div>
    </div>
  );
}
