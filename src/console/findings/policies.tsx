import type { PolicyChoice } from '../../report/findings.js';
import type { SourceStatus } from '../../report/read-model.js';
import { can, type PageContext } from '../kit/context.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, PageHead } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';
import { CLASS_WORDS, POLICY_LABELS } from './words.js';

interface PoliciesShown {
  readonly context: PageContext;
  readonly source: SourceStatus;
  readonly choices: readonly PolicyChoice[];
}

/** What is done about each class of findings by itself. */
export function PoliciesPage({ context, source, choices }: PoliciesShown): Markup {
  const canWrite = can(context, 'accounts:write');
  return (
    <div>
      <PageHead
        title={`Policies of ${source.name}`}
        lead="What is done about each kind of finding by itself. Whatever is put right goes through a plan, with the account’s own policy and the safety rules."
        crumbs={{ href: paths.comparisons(), label: 'Comparisons' }}
      />
      <Card>
        {canWrite ? (
          <PolicyForm context={context} source={source} choices={choices} />
        ) : (
          <dl class="card-body pairs">
            {choices.map((choice) => (
              <div class="contents">
                <dt>{CLASS_WORDS[choice.class]}</dt>
                <dd>{POLICY_LABELS[choice.policy]}</dd>
              </div>
            ))}
          </dl>
        )}
      </Card>
    </div>
  );
}

function PolicyForm({ context, source, choices }: PoliciesShown): Markup {
  const { type, id } = source.source;
  const action = paths.comparisons(`/${type}/${id}/policies`);
  return (
    <PostForm action={action} session={context.session} class="card-body stack-s">
      {choices.map((choice) => (
        <div class="field">
          <label for={choice.class}>{CLASS_WORDS[choice.class]}</label>
          <select id={choice.class} name={choice.class} disabled={choice.allowed.length < 2}>
            {choice.allowed.map((policy) => (
              <option value={policy} selected={policy === choice.policy}>
                {POLICY_LABELS[policy]}
                {policy === choice.standard ? ' (standard)' : ''}
              </option>
            ))}
          </select>
        </div>
      ))}
      <div>
        <button class="button" type="submit">
          Save
        </button>
      </div>
    </PostForm>
  );
}
