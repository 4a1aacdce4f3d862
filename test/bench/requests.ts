import type { BenchTenant } from './dataset.js';
import type { LoadRequest } from './load.js';

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** Requests to a SCIM endpoint, the service's or the stock server's. */
export function getUser(tenant: BenchTenant, number: number): LoadRequest {
  return { method: 'GET', path: `/scim/v2/Users/${tenant.userId(number)}`, token: tenant.token, status: 200 };
}

export function findUser(tenant: BenchTenant, number: number): LoadRequest {
  const filter = encodeURIComponent(`userName eq "${tenant.userName(number)}"`);
  return { method: 'GET', path: `/scim/v2/Users?filter=${filter}`, token: tenant.token, status: 200 };
}

export function page(tenant: BenchTenant, startIndex: number): LoadRequest {
  const path = `/scim/v2/Users?startIndex=${String(startIndex)}&count=100`;
  return { method: 'GET', path, token: tenant.token, status: 200 };
}

export function cursorPage(tenant: BenchTenant, cursor: string, count = 100): LoadRequest {
  const path = `/scim/v2/Users?cursor=${encodeURIComponent(cursor)}&count=${String(count)}`;
  return { method: 'GET', path, token: tenant.token, status: 200 };
}

/** A person with what Okta sends. */
export function newPerson(userName: string): object {
  return {
    schemas: [USER],
    userName,
    name: { givenName: 'New', familyName: 'Person' },
    emails: [{ primary: true, value: userName, type: 'work' }],
    displayName: 'New Person',
    locale: 'en-US',
    externalId: userName,
    groups: [],
    active: true,
  };
}

export function createUser(tenant: BenchTenant, userName: string): LoadRequest {
  const body = JSON.stringify(newPerson(userName));
  return { method: 'POST', path: '/scim/v2/Users', token: tenant.token, body, status: 201 };
}

export function setActive(tenant: BenchTenant, number: number, active: boolean): LoadRequest {
  const body = JSON.stringify({
    schemas: [PATCH],
    Operations: [{ op: 'replace', path: 'active', value: active }],
  });
  const path = `/scim/v2/Users/${tenant.userId(number)}`;
  return { method: 'PATCH', path, token: tenant.token, body, status: 200 };
}

export function addMember(tenant: BenchTenant, groupId: string, userId: string): LoadRequest {
  return patchGroup(tenant, groupId, { op: 'add', path: 'members', value: [{ value: userId }] });
}

export function removeMembers(tenant: BenchTenant, groupId: string, userIds: readonly string[]): LoadRequest {
  return patchGroup(tenant, groupId, {
    op: 'remove',
    path: 'members',
    value: userIds.map((value) => ({ value })),
  });
}

function patchGroup(tenant: BenchTenant, groupId: string, operation: object): LoadRequest {
  const body = JSON.stringify({ schemas: [PATCH], Operations: [operation] });
  return { method: 'PATCH', path: `/scim/v2/Groups/${groupId}`, token: tenant.token, body, status: 204 };
}
