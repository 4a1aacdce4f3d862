import { createHash } from 'node:crypto';
import { AppError } from '../domain/errors.js';
import { isShown, type ManualRecord } from '../domain/manual-record.js';
import { digestOf } from '../lib/canonical-json.js';
import { FIRST_LIST_NEEDED, type ExportReading } from '../providers/manual.js';
import type { ProviderDefinition } from '../providers/port.js';
import type { AccountKey } from '../reconcile/ports.js';
import { mergeList, type Merge } from './merge.js';
import type { ImportOutcome, ImportRow, ImportStore, RecordReader, Step } from './ports.js';

/** An account as imports need it. */
export interface ImportAccount {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly config: unknown;
  readonly pausedReason: string | null;
}

export interface Upload {
  readonly account: ImportAccount;
  readonly fileName: string;
  readonly text: string;
  /** Whether the list names everybody: people who are not in it are gone. */
  readonly isComplete: boolean;
  /** When it was exported; null: now. */
  readonly exportedAt: Date | null;
  readonly actor: string;
}

/** What an import would do, before it does it. */
export interface ImportPreview {
  readonly row: ImportRow;
  readonly reading: ExportReading;
  readonly merge: Merge;
  /** Titles of open steps that the list shows to be done. */
  readonly confirmed: readonly string[];
  /** Names exactly this outcome: an approval of another one counts for nothing. */
  readonly digest: string;
  /** Whether a complete list was ever imported. */
  readonly isFirst: boolean;
}

export interface ImportDecision {
  readonly account: ImportAccount;
  readonly importId: string;
  readonly digest: string;
  /** How many people disappear from the record by it, said by whoever decides. */
  readonly removes: number;
  readonly actor: string;
}

export interface Imports {
  /** Reads the list and says what it would do. A list with problems is stored nowhere: AppError `invalid` names them. */
  preview(upload: Upload): Promise<ImportPreview>;
  /** The preview of an upload that nobody decided on yet, as of now. Throws AppError `notFound`. */
  show(account: ImportAccount, importId: string): Promise<ImportPreview>;
  /** Throws AppError `stale` where the outcome is another one by now, `invalid` for a wrong number of removals. */
  apply(decision: ImportDecision): Promise<ImportOutcome['figures']>;
  discard(decision: Omit<ImportDecision, 'digest' | 'removes'>): Promise<void>;
  recent(account: ImportAccount): Promise<readonly ImportRow[]>;
  /** What is known of the people in the account. */
  record(account: ImportAccount): Promise<ManualRecord>;
}

export interface ImportDeps {
  readonly imports: ImportStore;
  readonly records: RecordReader;
  readonly definition: (providerId: string) => ProviderDefinition;
  /** Resumes an account that waited for its first list, and asks for it to be planned as a whole. */
  readonly replan: (account: ImportAccount, options: { resumes: boolean; actor: string }) => Promise<void>;
  readonly newId: () => string;
  readonly now: () => Date;
}

const RECENT = 20;
/** A clock that runs ahead somewhere is no reason to refuse. */
const AHEAD_MAX_MS = 10 * 60_000;

/** Imports of member lists: looked at first, decided on by a person, and strict throughout. */
export function makeImports(deps: ImportDeps): Imports {
  return {
    async preview(upload) {
      const { account, text, actor } = upload;
      const reading = readList(deps, account, text);
      const exportedAt = upload.exportedAt ?? deps.now();
      if (exportedAt.getTime() > deps.now().getTime() + AHEAD_MAX_MS) {
        throw new AppError(
          'invalid',
          'Nothing was imported: the list cannot have been exported in the future.',
        );
      }
      const row = {
        id: deps.newId(),
        accountId: account.id,
        fileName: tidyName(upload.fileName),
        fileHash: createHash('sha256').update(text).digest('hex'),
        isComplete: upload.isComplete,
        exportedAt,
        createdAt: deps.now(),
        createdBy: actor,
      };
      await deps.imports.insert(account.tenantId, { ...row, content: text });
      return previewOf(deps, account, { ...row, ...UNDECIDED }, reading);
    },
    async show(account, importId) {
      const { content, ...row } = await undecided(deps, account, importId);
      return previewOf(deps, account, row, readList(deps, account, content));
    },
    apply: (decision) => applyImport(deps, decision),
    async discard({ account, importId, actor }) {
      await undecided(deps, account, importId);
      const isOurs = await deps.imports.discard(account.tenantId, importId, { actor, at: deps.now() });
      if (!isOurs) throw decided();
    },
    recent: (account) => deps.imports.recent(keyOf(account), RECENT),
    record: (account) => deps.records.read(keyOf(account)),
  };
}

const UNDECIDED = { state: 'previewed', figures: {}, decidedAt: null, decidedBy: null } as const;

function readList({ definition }: ImportDeps, account: ImportAccount, text: string): ExportReading {
  const provider = definition(account.provider);
  if (provider.readExport === undefined) {
    throw new AppError(
      'invalid',
      `${provider.displayName} is read through its API: there is nothing to import for account "${account.name}".`,
    );
  }
  const reading = provider.readExport(provider.configSchema.parse(account.config), text);
  if (reading.problems.length === 0) return reading;
  const lines = reading.problems.map(
    ({ line, column, message }) => `line ${line}${column === null ? '' : `, column ${column}`}: ${message}`,
  );
  throw new AppError('invalid', `Nothing was imported. ${lines.join('\n')}`);
}

async function undecided(deps: ImportDeps, account: ImportAccount, importId: string) {
  const found = await deps.imports.find(account.tenantId, importId);
  if (found === null || found.accountId !== account.id) {
    throw new AppError('notFound', 'There is no such import in this account.');
  }
  const { content } = found;
  if (found.state !== 'previewed' || content === null) throw decided();
  return { ...found, content };
}

function decided(): AppError {
  return new AppError('conflict', 'This import was applied or thrown away already. Upload the list again.');
}

async function previewOf(
  deps: ImportDeps,
  account: ImportAccount,
  row: ImportRow,
  reading: ExportReading,
): Promise<ImportPreview> {
  const record = await deps.records.read(keyOf(account));
  const open = await deps.records.openSteps(keyOf(account));
  const { merge, shown } = outcomeOf(row, reading, record, open);
  return {
    row,
    reading,
    merge,
    confirmed: shown.map(({ title }) => title),
    digest: digestOfMerge(merge),
    isFirst: record.completeAsOf === null,
  };
}

function outcomeOf(row: ImportRow, { people }: ExportReading, record: ManualRecord, open: readonly Step[]) {
  const exportedAt = row.exportedAt.getTime();
  const merge = mergeList(record, { people, isComplete: row.isComplete, exportedAt });
  const shown = open.filter((step) => isShownBy(step, merge, exportedAt));
  return { merge, shown };
}

/** Whether somebody is shut out, only a list can say that was made after the question. */
function isShownBy({ act, askedAt }: Step, { agents }: Merge, exportedAt: number): boolean {
  if (act.type === 'suspend-agent' && exportedAt < askedAt.getTime()) return false;
  return isShown(agents, act);
}

function digestOfMerge({ added, changed, removed, kept }: Merge): string {
  return digestOf({
    added,
    changed: changed.map(({ after }) => after),
    removed,
    kept: kept.map(({ id }) => id),
  });
}

async function applyImport(deps: ImportDeps, decision: ImportDecision): Promise<ImportOutcome['figures']> {
  const { account, importId, actor } = decision;
  const { content, ...row } = await undecided(deps, account, importId);
  const reading = readList(deps, account, content);
  let figures: ImportOutcome['figures'] = {};
  const key = { ...keyOf(account), ...row };
  const isOurs = await deps.imports.apply(key, { actor, at: deps.now() }, (record, open) => {
    const { merge, shown } = outcomeOf(row, reading, record, open);
    assertMeant(decision, merge);
    figures = figuresOf(merge, shown.length);
    const put = touched(record, merge);
    return { put, drop: merge.removed.map(({ id }) => id), figures, confirmed: shown.map(({ id }) => id) };
  });
  if (!isOurs) throw decided();
  await deps.replan(account, {
    resumes: account.pausedReason === FIRST_LIST_NEEDED && row.isComplete,
    actor,
  });
  return figures;
}

/** Everybody whom the list names, save those who were confirmed later. Whoever is as before was seen again. */
function touched(record: ManualRecord, { agents }: Merge): Merge['agents'] {
  const before = new Set(record.agents);
  return agents.filter((agent) => !before.has(agent));
}

function assertMeant({ digest, removes }: ImportDecision, merge: Merge): void {
  if (digestOfMerge(merge) !== digest) {
    throw new AppError(
      'stale',
      'Nothing was imported: what is known of these people changed since the preview. Look at the preview again.',
    );
  }
  if (removes === merge.removed.length) return;
  throw new AppError(
    'invalid',
    `Nothing was imported. By this list ${merge.removed.length} people are not in the phone system any more; say so by that number.`,
  );
}

function figuresOf({ added, changed, removed, kept, unchanged }: Merge, confirmed: number) {
  return {
    added: added.length,
    changed: changed.length,
    removed: removed.length,
    kept: kept.length,
    unchanged,
    confirmed,
  };
}

function keyOf({ tenantId, id }: ImportAccount): AccountKey {
  return { tenantId, accountId: id };
}

function tidyName(name: string): string {
  const tidy = name
    .replace(/[^\p{L}\p{N} ._()-]/gu, '')
    .trim()
    .slice(0, 120);
  return tidy === '' ? 'list.csv' : tidy;
}
