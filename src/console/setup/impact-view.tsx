import { isAppError } from '../../domain/errors.js';
import type { SetupState } from '../../sso/setup/state.js';
import type { SetupJourney } from '../../sso/setup/journey.js';
import { h, type Markup } from '../markup/markup.js';
import { ImpactCard } from '../rules/impact.js';
import type { ReadImpact } from './ports.js';

/** The answer of the phone systems; one that cannot be asked keeps nobody from going on. */
export async function renderImpact(
  journey: SetupJourney,
  readImpact: ReadImpact,
  state: SetupState,
): Promise<Markup> {
  const text = journey.proposedRules(state);
  if (text === null && !(await journey.haveRules(state))) {
    return (
      <p class="notice">No group gives anything yet, so nothing would happen. Rules can be written later.</p>
    );
  }
  try {
    const impacts = await readImpact(state.tenant.id, text);
    if (impacts.length === 0) {
      return <p class="notice">No phone system is connected yet, so nothing would happen for now.</p>;
    }
    return (
      <div class="stack">
        {impacts.map((impact) => (
          <ImpactCard impact={impact} />
        ))}
      </div>
    );
  } catch (error) {
    if (!isAppError(error) || error.kind === 'bug') throw error;
    return <p class="notice warn pre">The impact cannot be told now: {error.message}</p>;
  }
}
