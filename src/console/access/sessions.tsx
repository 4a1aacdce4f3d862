import type { TeamSession } from '../../sso/team-ports.js';
import type { PageContext } from '../kit/context.js';
import { Ago, Moment } from '../kit/format.js';
import { h, type Child, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';

/** Sessions that still hold, each with a way to end it. */
export function SessionsCard({
  context,
  sessions,
  canEnd,
  endPath,
  children,
}: {
  readonly context: PageContext;
  readonly sessions: readonly TeamSession[];
  readonly canEnd: boolean;
  /** Where the form that ends this session posts to. */
  readonly endPath: (sessionId: string) => string;
  readonly children?: Child;
}): Markup {
  return (
    <Card title="Sessions">
      {sessions.length === 0 ? (
        <Empty title="No session">
          <p>Nobody is signed in as this person now.</p>
        </Empty>
      ) : (
        <ul class="rows">
          {sessions.map((session) => (
            <li>
              <div class="grow">
                <p class="strong">
                  Signed in <Ago at={session.createdAt} now={context.now} />
                </p>
                <p class="quiet small">
                  last seen <Ago at={session.lastSeenAt} now={context.now} /> · ends{' '}
                  <Moment at={session.expiresAt} />
                </p>
              </div>
              <span class="end">
                {session.id === context.session.sessionId ? <Badge tone="good">This one</Badge> : null}
                {canEnd ? (
                  <PostForm action={endPath(session.id)} session={context.session}>
                    <button class="button plain small" type="submit">
                      End
                      <span class="hidden"> the session from {session.createdAt.toISOString()}</span>
                    </button>
                  </PostForm>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      )}
      {children}
    </Card>
  );
}
