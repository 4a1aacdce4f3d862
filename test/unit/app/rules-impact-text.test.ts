import { describe, expect, it } from 'vitest';
import { renderImpacts } from '../../../src/app/commands/rules-impact-text.js';
import type { KnownImpact } from '../../../src/domain/impact.js';

const KNOWN: KnownImpact = {
  type: 'known',
  accountName: 'Phones',
  impact: {
    gaining: ['bea@acme.example'],
    losing: [],
    newSeats: 1,
    newCostPerMonth: { amountPerMonth: 40, currency: 'EUR' },
    byAction: [{ action: 'create', count: 1 }],
    calls: 2,
    minutes: 0.2,
    byHand: 0,
    pending: { changes: 0, people: 0, newSeats: 0, calls: 0 },
    spared: [],
  },
  plan: {
    accountId: 'a',
    trigger: 'manual',
    scope: 'all',
    inputs: { directoryVersion: 1, ruleSetVersion: 2, actualReadAt: 0, policy: 'sync' },
    changes: [],
    drift: [],
    notices: [],
  },
  verdict: { type: 'allowed' },
};

describe('the impact of rules as text', () => {
  it('says what the rules add, and nothing of what there is not', () => {
    const text = renderImpacts([KNOWN]);
    expect(text).toContain('gain something   1  (bea@acme.example)');
    expect(text).toContain('new seats        1, 40.00 EUR a month more');
    expect(text).not.toContain('comes anyway');
    expect(text).not.toContain('would not come');
  });

  it('tells apart what comes anyway, and what would not come any more', () => {
    const pending = { changes: 3, people: 2, newSeats: 1, calls: 4 };
    const impact = { ...KNOWN.impact, pending, spared: ['cid@acme.example'] };
    const text = renderImpacts([{ ...KNOWN, impact }]);
    expect(text).toContain(
      'comes anyway     3 changes for 2 people, 1 new seats, 4 requests: not counted above',
    );
    expect(text).toContain('would not come   1  (cid@acme.example)');
  });
});
