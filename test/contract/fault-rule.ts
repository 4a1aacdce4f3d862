import type { FaultRuleInput } from '../../src/sandbox/fault-rules.js';
import type { VendorCall, VendorFault } from './harness.js';
import type { CallPatterns } from './vendor-calls.js';

/** A fault of the contract's cases as a rule of a sandbox's script. */
export function toRule(fault: VendorFault, patterns: CallPatterns): FaultRuleInput {
  const common = {
    match: matchOf(fault.on, patterns),
    ...(fault.nth === undefined ? {} : { nth: fault.nth, times: 1 }),
  };
  switch (fault.type) {
    case 'error':
      return {
        ...common,
        kind: 'error',
        status: fault.status,
        body: fault.body,
        headers: { ...fault.headers },
        applies: fault.applies ?? false,
      };
    case 'timeout':
      return { ...common, kind: 'timeout', applies: fault.applies ?? false };
    case 'lost-response':
    case 'reset':
      return { ...common, kind: fault.type };
    case 'bad-page':
      return { ...common, kind: 'bad-page', defect: fault.defect };
    case 'foreign-link':
      return { ...common, kind: 'bad-page', defect: 'foreign-link', link: fault.link };
    case 'list-moves':
      return {
        ...common,
        kind: 'moving-total',
        change: fault.change,
        ...(fault.email === undefined ? {} : { email: fault.email }),
      };
  }
}

function matchOf(call: VendorCall, patterns: CallPatterns): NonNullable<CallPatterns[VendorCall]> {
  const pattern = patterns[call];
  if (pattern === undefined) throw new Error(`This vendor has no request to ${call}.`);
  return pattern;
}
