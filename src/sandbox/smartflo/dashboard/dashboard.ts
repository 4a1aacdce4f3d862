import type { ActionMethods } from '../../dashboard/action.js';
import { accountActions } from './account.js';
import { peopleActions } from './people.js';
import { routingActions } from './routing.js';
import { seedActions } from './seed.js';

export const actions = { ...seedActions, ...peopleActions, ...routingActions, ...accountActions };

export type DashboardActions = ActionMethods<typeof actions>;
