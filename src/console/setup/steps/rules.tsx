import { h, type Markup } from '../../markup/markup.js';
import { PostForm } from '../../parts/post-form.js';
import { StepFoot } from '../layout.js';
import { setupPaths } from '../paths.js';
import type { StepPage } from '../step.js';
import { GroupChoices, readChoices } from './group-choices.js';
import { isWhole, partOf, wayOf } from './group-part.js';

/** What the groups that arrived give in the phone system. */
export const rulesStep: StepPage = {
  title: () => 'What does each group get?',
  async show(context) {
    const { journey, state, csrf } = context;
    const part = partOf(context);
    const [groups, haveRules] = await Promise.all([journey.groups(state, part), journey.haveRules(state)]);
    const isEmpty = groups.rows.length === 0 && !haveRules;
    return (
      <PostForm action={setupPaths.step('rules')} session={{ csrf }}>
        {haveRules ? <RulesAreThere /> : <GroupChoices context={context} part={part} groups={groups} />}
        <StepFoot>
          <button class="button" type="submit">
            {haveRules || (isEmpty && isWhole(part)) ? 'Go on' : 'Show what would happen'}
          </button>
          {isEmpty && isWhole(part) ? <a href={setupPaths.step('rules')}>Look again</a> : null}
        </StepFoot>
      </PostForm>
    );
  },
  async submit(context) {
    const { journey, state, fields } = context;
    const choices = readChoices(fields);
    const query = wayOf(fields);
    if (query === null) return { type: 'next', state: await journey.chooseRules(state, choices) };
    await journey.keepChoices(state, choices);
    return { type: 'again', query };
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
