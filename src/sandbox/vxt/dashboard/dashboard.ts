import type { ActionMethods } from '../../dashboard/action.js';
import { numberActions } from './numbers.js';
import { organisationActions } from './organisation.js';
import { peopleActions } from './people.js';

export const actions = { ...organisationActions, ...peopleActions, ...numberActions };

export type DashboardActions = ActionMethods<typeof actions>;
