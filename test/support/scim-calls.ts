import type { ProcessEnd } from './service-process.js';

/** An answer of the service as a client sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** Plain SCIM requests with one token, for tests that speak to a running service. */
export interface ScimCalls {
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** Creates a user and the groups that are missing, and makes the user a member of each. Returns the user's id. */
  addUser(userName: string, groups?: readonly string[]): Promise<string>;
  /** How many resources there are. */
  count(path: '/Users' | '/Groups'): Promise<number>;
}

export function callScim({ scimBaseUrl, token }: { scimBaseUrl: string; token: string | null }): ScimCalls {
  const send: ScimCalls['send'] = async (method, path, body, headers = {}) => {
    const response = await fetch(scimBaseUrl + path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = text !== '' && response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  const expectStatus = async (status: number, asked: Promise<Answer>): Promise<Answer['body']> => {
    const answer = await asked;
    if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const join = async (group: string, userId: string): Promise<void> => {
    const filter = encodeURIComponent(`displayName eq "${group}"`);
    const found = await expectStatus(200, send('GET', `/Groups?filter=${filter}`));
    const members = [{ value: userId }];
    if (found.totalResults === 0) {
      await expectStatus(201, send('POST', '/Groups', { displayName: group, members }));
      return;
    }
    const Operations = [{ op: 'add', path: 'members', value: members }];
    const answer = await send('PATCH', `/Groups/${found.Resources[0].id}`, { schemas: [PATCH], Operations });
    if (answer.status > 299) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  };
  return {
    send,
    async addUser(userName, groups = []) {
      const [givenName = ''] = userName.split('@');
      const emails = [{ value: userName, primary: true, type: 'work' }];
      const name = { givenName, familyName: 'Example' };
      const user = await expectStatus(201, send('POST', '/Users', { userName, emails, name, active: true }));
      for (const group of groups) await join(group, user.id);
      return user.id as string;
    },
    count: async (path) => (await expectStatus(200, send('GET', `${path}?count=0`))).totalResults as number,
  };
}

export const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** What a service logged as a warning or worse. Lines that are not of the log count: they are noise. */
export function complaintsIn({ stderr }: Pick<ProcessEnd, 'stderr'>): readonly string[] {
  return stderr.split('\n').filter((line) => line !== '' && !/^\{"level":(10|20|30),/.test(line));
}
