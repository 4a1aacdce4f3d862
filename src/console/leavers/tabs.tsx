import { h, type Markup } from '../markup/markup.js';
import { Tabs } from '../parts/blocks.js';
import { paths } from '../paths.js';

/** The lists about leavers, side by side. */
export function LeaverTabs({
  current,
  account,
  mayReadAudit,
}: {
  readonly current: 'leaving' | 'deleted' | 'removals';
  readonly account: string | null;
  readonly mayReadAudit: boolean;
}): Markup {
  const removals = {
    label: 'Expired recordings',
    href: paths.removals(),
    isCurrent: current === 'removals',
  };
  return (
    <Tabs
      label="Leavers"
      tabs={[
        { label: 'On the way out', href: paths.leavers({ account }), isCurrent: current === 'leaving' },
        {
          label: 'Deleted',
          href: paths.leavers({ view: 'deleted', account }),
          isCurrent: current === 'deleted',
        },
        ...(mayReadAudit ? [removals] : []),
      ]}
    />
  );
}
