import type { ActionMethods } from '../../dashboard/action.js';
import { companyActions } from './company.js';
import { peopleActions } from './people.js';
import { routingActions } from './routing.js';
import { seedActions } from './seed.js';

export const actions = { ...seedActions, ...peopleActions, ...routingActions, ...companyActions };

export type DashboardActions = ActionMethods<typeof actions>;
