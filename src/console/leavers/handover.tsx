import type { HandoverStanding, Successorship } from '../../deprovision/handover-ports.js';
import type { ChosenSuccessor, Successor } from '../../domain/handover.js';
import { describeTakenOver } from '../../domain/takeover.js';
import type { PageContext } from '../kit/context.js';
import { h, type Markup } from '../markup/markup.js';
import { Card } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';

export interface HandoverShown {
  readonly context: PageContext;
  readonly standing: HandoverStanding | null;
  /** Where a choice is sent; null: this person decides nothing. */
  readonly action: string | null;
  /** Before the deletion has begun. */
  readonly mayChoose: boolean;
}

/** What nobody answers since somebody left, who could, and who was chosen. */
export function HandoverCard({ context, standing, action, mayChoose }: HandoverShown): Markup | null {
  if (standing === null || standing.handover === null) return null;
  const { handover, chosen, takeovers } = standing;
  const { lines, emptyTeams, isPartial } = handover;
  const isOpen = lines.length > 0 || emptyTeams.length > 0;
  const isToChoose = mayChoose && (isOpen || takeovers.length > 0);
  return (
    <Card title="Hand-over">
      <div class="card-body stack">
        {isOpen ? null : (
          <p>Every line of this person is answered by somebody else, and no team is left empty.</p>
        )}
        {lines.length === 0 ? null : (
          <ul>
            {lines.map(({ number, why }) => (
              <li>
                <strong>{number}</strong> {LINE_WORDS[why]}
              </li>
            ))}
          </ul>
        )}
        {emptyTeams.length === 0 ? null : <p>Teams without a member now: {emptyTeams.join(', ')}.</p>}
        {chosen === null ? null : <Chosen chosen={chosen} standing={standing} />}
        {isPartial ? (
          <p class="quiet small">
            Who is on which number was not read: only lines that ring teams are known.
          </p>
        ) : null}
        {isToChoose && action !== null ? (
          <SuccessorForm context={context} standing={standing} action={action} />
        ) : null}
        {!isToChoose && takeovers.length > 0 && action !== null ? (
          <PostForm action={action} session={context.session}>
            <Withdraw />
          </PostForm>
        ) : null}
      </div>
    </Card>
  );
}

function Chosen({
  chosen,
  standing: { handover, takeovers },
}: {
  readonly chosen: Successorship;
  readonly standing: HandoverStanding;
}): Markup {
  const isLeft = (handover?.lines.length ?? 0) > 0;
  return (
    <div class="stack-s">
      <p>
        <strong>{nameOf(chosen)}</strong> takes over, as {chosen.by} decided.
      </p>
      {takeovers.length === 0 ? null : (
        <p>
          Given by plan: {takeovers.map(describeTakenOver).join(', ')}. It stays theirs until it is taken back
          here, or the leaver returns; the deletion waits until they have it.
        </p>
      )}
      {isLeft ? <p>What is left is a task on the worklist, which closes when somebody answers.</p> : null}
    </div>
  );
}

function Withdraw(): Markup {
  return (
    <button class="button plain" type="submit" name="withdraw" value="yes">
      Take the choice back
    </button>
  );
}

/** Suggestions first, the manager before all; anybody else by address, any team by name. */
function SuccessorForm({
  context,
  standing,
  action,
}: {
  readonly context: PageContext;
  readonly standing: HandoverStanding;
  readonly action: string;
}): Markup {
  const { chosen } = standing;
  const suggested = standing.handover?.successors ?? [];
  return (
    <PostForm action={action} session={context.session} class="stack">
      <fieldset class="stack">
        <legend>Who takes over</legend>
        {suggested.map((one, index) => (
          <label class="check">
            <input
              type="radio"
              name="to"
              value={successorValue(one)}
              checked={chosen === null ? index === 0 : successorValue(chosen) === successorValue(one)}
            />
            <span>{successorWords(one)}</span>
          </label>
        ))}
        <label class="check">
          <input type="radio" name="to" value="other" checked={suggested.length === 0} />
          <span>Somebody else</span>
        </label>
      </fieldset>
      <div class="field">
        <label for="other">Address of a person, or name of a team</label>
        <input id="other" name="other" maxlength="320" />
      </div>
      <div class="row">
        <button class="button" type="submit">
          {chosen === null ? 'Choose' : 'Choose anew'}
        </button>
        {chosen === null ? null : <Withdraw />}
      </div>
    </PostForm>
  );
}

const LINE_WORDS = {
  'only-person': 'rang this person alone.',
  'team-empty': 'rings a team that is empty now.',
  'default-number': 'is their own number, and nobody else is on it.',
} as const;

function successorValue(one: Successor | ChosenSuccessor): string {
  return one.type === 'team' ? `team:${one.team}` : `person:${one.email}`;
}

function nameOf(one: ChosenSuccessor): string {
  return one.type === 'team' ? `Team “${one.team}”` : one.email;
}

function successorWords(successor: Successor): string {
  if (successor.type === 'team') return `Team “${successor.team}”`;
  return `${successor.email} (${successor.because === 'manager' ? 'their manager' : 'same team'})`;
}
