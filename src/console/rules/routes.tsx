import { z } from 'zod';
import { isAppError } from '../../domain/errors.js';
import type { RuleChange, RuleChanges } from '../../rules/changes.js';
import type { Rules, RulesSource, RuleSetVersion } from '../../rules/rules.js';
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
  readonly ruleChanges: RuleChanges;
  readonly nudge: (tenantId: string) => void;
}

/** Said by the button that stands below an impact with losses. */
const accepting = { losses: z.enum(['hold', 'skip']).default('hold') };
const rulesForm = z.object({
  text: z.string().min(1, 'Write at least one rule.'),
  note: z.string().max(300).default(''),
  ...accepting,
});
const rollbackForm = z.object(accepting);

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
  pages.get('/rules/versions/:version', 'read', (context) => showVersion(deps, context, null));
  pages.post('/rules/versions/:version/check', 'rules:write', async (context) =>
    showVersion(deps, context, await tryRules(deps, context, sourceOf(context))),
  );
  pages.post('/rules/versions/:version/rollback', 'rules:write', (context) => rollBack(deps, context));
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

async function save(deps: RulesDeps, context: PageContext): Promise<Result> {
  const { text, note, losses } = readForm(context.request, rulesForm);
  const source = { text: unixLines(text) };
  const said = note.trim() === '' ? null : note;
  const result = await change(deps, context, { source, note: said, losses });
  if (result.type === 'held') return showEditor(deps, context, whatWasHeld(result));
  return redirect(paths.rules(), result.isNew ? 'rules-saved' : 'rules-unchanged');
}

async function rollBack(deps: RulesDeps, context: PageContext): Promise<Result> {
  const { losses } = readForm(context.request, rollbackForm);
  const result = await change(deps, context, { source: sourceOf(context), note: null, losses });
  if (result.type === 'held') return showVersion(deps, context, whatWasHeld(result));
  return redirect(paths.rules(), 'rules-rolled-back');
}

async function change(
  { ruleChanges, nudge }: RulesDeps,
  { session: { tenantId }, actor }: PageContext,
  wanted: Pick<RuleChange, 'source' | 'note' | 'losses'>,
) {
  const result = await ruleChanges.save({ tenantId, actor, ...wanted });
  if (result.type === 'saved') nudge(tenantId);
  return result;
}

type Held = Extract<Awaited<ReturnType<RuleChanges['save']>>, { type: 'held' }>;

function whatWasHeld({ proposal: { ruleSet, notices }, impact }: Held): Checked {
  return { type: 'fine', ruleCount: ruleSet.rules.length, notices, impact, isHeld: true };
}

async function check(deps: RulesDeps, context: PageContext): Promise<Result> {
  const { text } = readForm(context.request, rulesForm);
  const checked = await tryRules(deps, context, { text: unixLines(text) });
  return context.isPartial ? fragment(<CheckedView checked={checked} />) : showEditor(deps, context, checked);
}

async function tryRules(
  { ruleChanges }: RulesDeps,
  { session: { tenantId } }: PageContext,
  source: RulesSource,
): Promise<Checked> {
  try {
    const { proposal, impact } = await ruleChanges.preview(tenantId, source);
    const { ruleSet, notices } = proposal;
    return { type: 'fine', ruleCount: ruleSet.rules.length, notices, impact, isHeld: false };
  } catch (error) {
    if (!isAppError(error, 'invalid')) throw error;
    return { type: 'refused', message: error.message };
  }
}

function sourceOf(context: PageContext): RulesSource {
  return { version: versionNumber(param(context, 'version')) };
}

/** The text that was just sent, else the rules in force, else an example. */
async function showEditor(deps: RulesDeps, context: PageContext, checked: Checked | null): Promise<Result> {
  const sent = formFields(context.request);
  const text = sent['text'] ?? (await currentRules(deps, context))?.source ?? STARTER_RULES;
  return page('Edit the rules', <EditorPage {...{ context, text, note: sent['note'] ?? '', checked }} />);
}

async function showVersion(
  { rules }: RulesDeps,
  context: PageContext,
  checked: Checked | null,
): Promise<Result> {
  const { tenantId } = context.session;
  const [version, current] = await Promise.all([
    rules.get(tenantId, versionNumber(param(context, 'version'))),
    rules.get(tenantId),
  ]);
  return page(
    `Rules, version ${String(version.version)}`,
    <VersionPage {...{ context, version, current, checked }} />,
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
