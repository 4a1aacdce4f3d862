import { z } from 'zod';
import { isAppError } from '../../domain/errors.js';
import type { RuleSet } from '../../domain/mapping.js';
import type { RulesImpact } from '../../reconcile/rules-impact.js';
import type { Rules, RuleSetVersion } from '../../rules/rules.js';
import { param, type PageContext } from '../kit/context.js';
import { formFields, readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { fragment, page, redirect, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { RulesPage } from './current.js';
import { CheckedView, EditorPage, type Checked } from './editor.js';
import { HistoryPage, VersionPage } from './history.js';
import { STARTER_RULES } from './starter.js';

export interface RulesDeps {
  readonly rules: Rules;
  readonly rulesImpact: RulesImpact;
  readonly nudge: (tenantId: string) => void;
}

const rulesForm = z.object({
  text: z.string().min(1, 'Write at least one rule.'),
  note: z.string().max(300).default(''),
});

export function addRules(pages: Pages, deps: RulesDeps): void {
  pages.get('/rules', 'read', async (context) =>
    page('Groups and rules', <RulesPage context={context} current={await currentRules(deps, context)} />),
  );
  pages.get('/rules/history', 'read', async ({ session, now }) =>
    page(
      'History of the rules',
      <HistoryPage versions={await deps.rules.list(session.tenantId)} now={now} />,
    ),
  );
  pages.get('/rules/versions/:version', 'read', (context) => showVersion(deps, context));
  pages.post('/rules/versions/:version/rollback', 'rules:write', async ({ session, actor, request }) => {
    const version = versionNumber(String(request.params['version']));
    await deps.rules.rollBack({ tenantId: session.tenantId, version, actor });
    deps.nudge(session.tenantId);
    return redirect(paths.rules(), 'rules-rolled-back');
  });
  pages.get('/rules/edit', 'rules:write', (context) => showEditor(deps, context, null));
  // A check changes nothing; it posts because the text would not fit into an address.
  pages.post('/rules/check', 'rules:write', (context) => check(deps, context));
  pages.post(
    '/rules/save',
    'rules:write',
    (context) => save(deps, context),
    (context) => showEditor(deps, context, null),
  );
}

async function save({ rules, nudge }: RulesDeps, { session, actor, request }: PageContext): Promise<Result> {
  const { text, note } = readForm(request, rulesForm);
  const input = {
    tenantId: session.tenantId,
    text: unixLines(text),
    note: note.trim() === '' ? null : note,
    actor,
  };
  const { isNew } = await rules.save(input);
  nudge(session.tenantId);
  return redirect(paths.rules(), isNew ? 'rules-saved' : 'rules-unchanged');
}

async function check(deps: RulesDeps, context: PageContext): Promise<Result> {
  const checked = await checkText(deps, context);
  return context.isPartial ? fragment(<CheckedView checked={checked} />) : showEditor(deps, context, checked);
}

async function checkText(deps: RulesDeps, { session, request }: PageContext): Promise<Checked> {
  try {
    const { text } = readForm(request, rulesForm);
    const { ruleSet, notices } = await deps.rules.check(session.tenantId, unixLines(text));
    const impact = await readImpact(deps, session.tenantId, ruleSet);
    return { type: 'fine', ruleCount: ruleSet.rules.length, notices, impact };
  } catch (error) {
    if (!isAppError(error, 'invalid')) throw error;
    return { type: 'refused', message: error.message };
  }
}

/** Asks the phone systems; one that cannot be asked must not keep anybody from checking the text. */
async function readImpact(
  { rulesImpact }: RulesDeps,
  tenantId: string,
  ruleSet: RuleSet,
): Promise<Extract<Checked, { type: 'fine' }>['impact']> {
  try {
    return { type: 'known', accounts: await rulesImpact(tenantId, ruleSet) };
  } catch (error) {
    if (!isAppError(error) || error.kind === 'bug') throw error;
    return { type: 'unknown', message: error.message };
  }
}

/** The text that was just sent, else the rules in force, else an example. */
async function showEditor(deps: RulesDeps, context: PageContext, checked: Checked | null): Promise<Result> {
  const sent = formFields(context.request);
  const text = sent['text'] ?? (await currentRules(deps, context))?.source ?? STARTER_RULES;
  return page('Edit the rules', <EditorPage {...{ context, text, note: sent['note'] ?? '', checked }} />);
}

async function showVersion({ rules }: RulesDeps, context: PageContext): Promise<Result> {
  const { tenantId } = context.session;
  const [version, current] = await Promise.all([
    rules.get(tenantId, versionNumber(param(context, 'version'))),
    rules.get(tenantId),
  ]);
  return page(
    `Rules, version ${String(version.version)}`,
    <VersionPage {...{ context, version, current }} />,
  );
}

async function currentRules({ rules }: RulesDeps, { session }: PageContext): Promise<RuleSetVersion | null> {
  try {
    return await rules.get(session.tenantId);
  } catch (error) {
    if (isAppError(error, 'notFound')) return null;
    throw error;
  }
}

/** Browsers send CRLF; the file keeps the line ends it is exported with. */
function unixLines(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** Zero is never a version, so what is no number is not found. */
function versionNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
