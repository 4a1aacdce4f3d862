import type { Change } from '../../src/domain/plan.js';
import type { Finding, FindingClass, FindingSeverity } from '../../src/domain/findings/finding.js';
import type { HistoryEvent } from '../../src/report/history/events.js';
import { STANDARD_SLA } from '../../src/report/history/journeys.js';
import type { Matter, ReportInput, SourceReading } from '../../src/report/model/input.js';
import type { ComparisonFigures, StoredFinding } from '../../src/report/ports.js';
import type { TrendPoint } from '../../src/report/read-model.js';

export const NOW = new Date('2026-11-27T07:00:00Z');
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const TENANT = '01980000-0000-7000-8000-000000000001';
const AIRCALL = '01980000-0000-7000-8000-0000000000a1';
const OKTA = '01980000-0000-7000-8000-0000000000b1';

export function ago(days: number, minutes = 0): Date {
  return new Date(NOW.getTime() - days * DAY_MS - minutes * MINUTE_MS);
}

const figures = (
  open: ComparisonFigures['open'],
  more: Partial<ComparisonFigures> = {},
): ComparisonFigures => ({
  open,
  opened: 0,
  resolved: 0,
  ...more,
});

/** Thirty days of an account: drift that rises and falls, seats that grow, a queue that once stood still. */
function accountTrend(): readonly TrendPoint[] {
  return Array.from({ length: 30 }, (_, index) => {
    const day = 29 - index;
    const open =
      [3, 3, 5, 9, 8, 6, 4, 4, 2, 2, 3, 12, 14, 9, 6, 5, 5, 4, 3, 3, 2, 2, 6, 7, 5, 4, 4, 3, 3, 3][index] ??
      0;
    return {
      at: ago(day, 30),
      runId: `run-${index}`,
      figures: figures(
        { 'team-added': Math.ceil(open * 0.6), 'unmanaged-agent': Math.floor(open * 0.4) },
        {
          agents: 48 + Math.floor(index / 4),
          parked: 3,
          unmanaged: 1,
          people: 46,
          queueAgeMs: index === 11 ? 47 * MINUTE_MS : (index % 5) * 9_000,
        },
      ),
    };
  });
}

function seatTrend(): readonly TrendPoint[] {
  return [29, 20, 10, 0].map((day) => {
    const held = 48 + Math.floor((29 - day) / 4);
    const billed = day > 15 ? 54 : 60;
    const seats = {
      held, parked: 3, unmanaged: 1, unused: 4, use: 'measured' as const, neverAccepted: null, noCallSinceInvited: 2, contracted: 60, minimum: 3, billed,
      nextInvoice: { amount: billed * 30, currency: 'EUR' }, idleCost: { amount: 210, currency: 'EUR' },
    }; // prettier-ignore
    return { at: ago(day, 20), runId: `seats-${day}`, figures: figures({ 'unused-seat': 1 }, { seats }) };
  });
}

function sources(): readonly SourceReading[] {
  const run = (type: 'account' | 'idp', id: string, state: 'complete' | 'incomplete', reason: string | null, at: Date) => ({
    tenantId: TENANT, type, id, runId: 'run', trigger: 'schedule', state, phase: 'done', done: null, total: null, reason,
    figures: state === 'complete' ? figures({ 'team-added': 2, 'unmanaged-agent': 1 }) : null, startedAt: at, finishedAt: at,
  }); // prettier-ignore
  const complete = run('account', AIRCALL, 'complete', null, ago(0, 43));
  return [
    {
      source: { tenantId: TENANT, type: 'account', id: AIRCALL },
      name: 'aircall', kind: 'aircall', pausedReason: null, cron: '17 */6 * * *', timeZone: 'Europe/Paris', hasUse: true, running: null,
      last: complete, lastComplete: complete, policies: new Map(), mayFix: true, trend: accountTrend(), seatTrend: seatTrend(),
    },
    {
      source: { tenantId: TENANT, type: 'idp', id: OKTA },
      name: 'Okta', kind: 'okta', pausedReason: null, cron: '30 3 * * *', timeZone: 'Europe/Paris', hasUse: true, running: null,
      last: run('idp', OKTA, 'incomplete', 'Okta answered too slowly: 3 of 12 pages were read.', ago(0, 200)),
      lastComplete: run('idp', OKTA, 'complete', null, ago(1, 200)), policies: new Map(), mayFix: true,
      trend: [12, 8, 4, 1].map((day) => ({ at: ago(day), runId: `idp-${day}`, figures: figures({ 'idp-deactivated': day > 4 ? 2 : 1 }) })),
      seatTrend: [],
    },
  ]; // prettier-ignore
}

export function storedFinding(input: {
  readonly class: FindingClass;
  readonly severity: FindingSeverity;
  readonly about: string;
  readonly title: string;
  readonly meaning: string;
  readonly advice?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly isFixed?: boolean;
  readonly source?: 'account' | 'idp' | 'seats';
  readonly more?: Partial<StoredFinding>;
}): StoredFinding {
  const { class: kind, severity, about, source = 'account' } = input;
  const finding: Finding = {
    key: `${kind}:${about}`, class: kind, severity, subjectId: null, providerUserId: null, about,
    words: { title: input.title, meaning: input.meaning, advice: input.advice ?? 'Look at it in the console.' },
    evidence: { expected: input.expected ?? '', found: input.found ?? '', facts: [] },
    fixedBy: input.isFixed === true ? ['change'] : [],
  }; // prettier-ignore
  return {
    id: `finding-${kind}-${about.length}`, source: { tenantId: TENANT, type: source, id: source === 'idp' ? OKTA : AIRCALL },
    finding, firstSeenAt: ago(9), openedAt: ago(2), lastSeenAt: ago(0, 43), occurrences: 1, resolvedAt: null,
    decision: null, ignored: null, assignee: null, dueAt: null, ...input.more,
  }; // prettier-ignore
}

function openFindings(): readonly StoredFinding[] {
  return [
    storedFinding({
      class: 'idp-deactivated', severity: 'critical', about: 'nils.berg@acme.example', source: 'idp',
      title: 'nils.berg@acme.example is deactivated in Okta and active here',
      meaning: 'The push never came: they can still make and take calls.',
      advice: 'Deactivate them here, and look at the app’s provisioning errors in Okta.',
      expected: 'inactive', found: 'active, role agent, team "Sales EMEA"', more: { openedAt: ago(0, 200), firstSeenAt: ago(0, 200) },
    }),
    storedFinding({
      class: 'dangling-ring-target', severity: 'critical', about: '+33 1 76 11 11 11',
      title: '+33 1 76 11 11 11 (Paris) rings nobody', meaning: 'Its only team is empty: callers hear the voicemail at once.',
      advice: 'Put somebody into the team, or choose another Ring-to target at the phone system.',
      expected: 'somebody who answers', found: 'team "Sales EMEA", empty',
      more: { assignee: 'Priya Nair', dueAt: new Date('2026-11-27T16:00:00Z'), openedAt: ago(0, 43) },
    }),
    storedFinding({
      class: 'unmanaged-agent', severity: 'warning', about: 'contractor@elsewhere.example',
      title: 'contractor@elsewhere.example belongs to nobody in the directory',
      meaning: 'Nobody takes their access away when they leave.', advice: 'Add the person to the directory, or delete the agent by hand.',
      expected: 'a person of the directory', found: 'an agent that nobody pushed', more: { occurrences: 2 },
    }),
    storedFinding({
      class: 'team-added', severity: 'warning', about: 'chloe.martin@acme.example', isFixed: true,
      title: 'chloe.martin@acme.example is in team "Support"', meaning: 'Somebody added them at the phone system; no rule gives it.',
      expected: 'not held', found: 'team "Support"',
    }),
    storedFinding({
      class: 'unused-seat', severity: 'info', about: 'kasia.nowak@acme.example', source: 'seats',
      title: 'kasia.nowak@acme.example has made no call for 94 days', meaning: 'Their seat is paid for.',
      advice: 'Ask them, and take them out of the mapped groups.', expected: 'a call within 60 days', found: 'last call on 25 Aug 2026',
    }),
  ]; // prettier-ignore
}

export function agentEvent(
  at: Date,
  subjectId: string,
  change: Partial<Change> & { action: Change['action'] },
  planId: string,
): HistoryEvent {
  return {
    type: 'agent', at: at.getTime(), subjectId, accountId: AIRCALL, actor: 'patchbay', planId, trigger: 'push',
    providerUserId: '1', change: { key: '', subjectId, email: '', reason: '', because: [], urgent: false, ...change } as never,
  }; // prettier-ignore
}

function events(): readonly HistoryEvent[] {
  const list: HistoryEvent[] = [];
  for (let number = 0; number < 60; number += 1) {
    const day = 29 - Math.floor(number / 2.2);
    if (day % 7 === 5 || day % 7 === 6 || day < 0) continue;
    const at = ago(day, 90 - (number % 3) * 20);
    const subjectId = `person-${number}`;
    const isLeaver = number % 5 === 4;
    const tookMs = day === 18 ? 26 * MINUTE_MS : 9_000 + ((number * 37) % 40) * 3_000;
    list.push({
      type: 'directory', at: at.getTime(), subjectId, actor: 'scim:Okta',
      action: isLeaver ? 'user.deactivated' : 'user.created',
    }); // prettier-ignore
    const done = new Date(at.getTime() + tookMs);
    list.push(agentEvent(done, subjectId, { action: isLeaver ? 'park' : 'create' }, `plan-${number}`));
    list.push(
      agentEvent(
        new Date(done.getTime() + 1_500),
        subjectId,
        { action: isLeaver ? 'revoke' : 'grant' },
        `plan-${number}`,
      ),
    );
  }
  return list.toSorted((a, b) => a.at - b.at);
}

const MATTERS: readonly Matter[] = [
  {
    severity: 'warning', title: 'A plan for aircall waits for approval', who: 'an operator of the console',
    detail: 'It would take access from 12 of 52 people (23 %), more than the limit of 10 %.', link: 'https://patchbay.acme.example/console/plans/1',
  },
]; // prettier-ignore

/** Everything a weekly report of a busy organisation is made of. */
export function reportInput(changes: Partial<ReportInput> = {}): ReportInput {
  const open = changes.open ?? openFindings();
  return {
    id: '01980000-0000-7000-8000-00000000000f',
    now: NOW,
    organisation: { slug: 'acme', name: 'Acme Telephony Ltd' },
    timeZone: 'Europe/Paris',
    from: ago(7),
    consoleUrl: 'https://patchbay.acme.example/console',
    sources: sources(),
    open,
    openCounts: open.map(({ finding }) => ({ class: finding.class, severity: finding.severity, count: 1 })),
    ignoredCount: 2,
    resolved: [
      storedFinding({ class: 'role', severity: 'warning', about: 'ada', title: 'ada.lovelace@acme.example was supervisor instead of agent', meaning: '', more: { resolvedAt: ago(1) } }),
      storedFinding({ class: 'number-added', severity: 'warning', about: 'ben', title: 'ben.mueller@acme.example had number +44 20 7111 1111', meaning: '', more: { resolvedAt: ago(3) } }),
    ],
    resolvedCount: 2,
    openedCount: 4,
    matters: MATTERS,
    events: events(),
    sla: STANDARD_SLA,
    trendDays: 30,
    previous: null,
    ...changes,
  }; // prettier-ignore
}
