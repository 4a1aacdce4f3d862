import { emailKey } from '../../domain/email.js';
import { AppError, isAppError } from '../../domain/errors.js';
import type { ActualState } from '../../domain/state.js';
import type { OnReadProgress, ProviderDeps } from '../port.js';
import type { SmartfloClient } from './client.js';
import { emailInLogin, emailOf, personFromList, type Person } from './convert.js';
import { unknownShape } from './errors.js';
import { UserAnswer, type DetailedUser, type ListedUser } from './schema.js';
import type { SmartfloConfig } from './settings.js';
import { readUsers } from './users.js';

/** What a person is called where numbers and departments name agents. */
export interface AgentIds {
  readonly agentId: string;
  /** The first half of a department's `<extension>||<agent id>`; null where it was not shown yet. */
  readonly intercom: string | null;
}

/** Who is who: users by id, by e-mail and by agent. */
export interface Directory {
  /** Everybody. E-mail addresses that the list does not show cost one request each, the first time. */
  list(onProgress?: OnReadProgress): Promise<readonly Person[]>;
  byEmail(email: string): Promise<Person | null>;
  /** null when Smartflo says that there is no such user. */
  look(providerUserId: string): Promise<DetailedUser | null>;
  /** @throws AppError `notFound` */
  mustLook(providerUserId: string): Promise<DetailedUser>;
  /** null when Smartflo says that there is no such user, or that they have no agent. */
  idsOf(providerUserId: string, wish: { readonly withIntercom: boolean }): Promise<AgentIds | null>;
  /** The extension of an agent who is known by the agent's id only; null when there is no such agent. */
  extensionOf(agentId: string): Promise<string | null>;
  remember(providerUserId: string, ids: AgentIds): void;
  /** Takes addresses from an earlier reading, where the list does not show them. */
  recall(reading: ActualState): void;
}

const LOOK = { purpose: 'look up a user', method: 'GET', route: '/v1/user/:id' } as const;
/** An address that is not the login id is believed this long. */
const REMEMBERED_MS = 6 * 3_600_000;

export function makeDirectory({
  client,
  config,
  now,
}: {
  readonly client: SmartfloClient;
  readonly config: SmartfloConfig;
  readonly now: ProviderDeps['now'];
}): Directory {
  const agents = new Map<string, AgentIds>();
  const emails = new Map<string, { readonly email: string; readonly at: number }>();

  function remember(id: string, { agentId, intercom }: AgentIds): void {
    agents.set(id, { agentId, intercom: intercom ?? agents.get(id)?.intercom ?? null });
  }

  /** An answer about anybody else is no answer. */
  async function look(providerUserId: string): Promise<DetailedUser | null> {
    try {
      const { data } = await client.request({ ...LOOK, params: { id: providerUserId } }, UserAnswer);
      if (data.id !== providerUserId) throw unknownShape(LOOK, 'another user than the one asked for');
      emails.set(data.id, { email: emailOf(data), at: now() });
      if (data.agent !== null) {
        remember(data.id, { agentId: data.agent.id, intercom: data.agent.intercom ?? null });
      }
      return data;
    } catch (error) {
      if (isAppError(error, 'notFound')) return null;
      throw error;
    }
  }

  async function mustLook(providerUserId: string): Promise<DetailedUser> {
    const detail = await look(providerUserId);
    if (detail !== null) return detail;
    throw new AppError(
      'notFound',
      'Smartflo has no such user any more. The next plan takes that into account.',
    );
  }

  /** null: gone between the list and the look. */
  async function emailOfListed({ id, loginId }: ListedUser): Promise<string | null> {
    const known = emailInLogin(loginId) ?? recent(emails.get(id));
    if (known !== null) return known;
    const detail = await look(id);
    return detail === null ? null : emailOf(detail);
  }

  function recent(entry: { readonly email: string; readonly at: number } | undefined): string | null {
    return entry !== undefined && now() - entry.at < REMEMBERED_MS ? entry.email : null;
  }

  function learn(users: readonly ListedUser[]): void {
    for (const { id, agent } of users)
      if (agent !== null) remember(id, { agentId: agent.id, intercom: null });
  }

  async function list(onProgress?: OnReadProgress): Promise<readonly Person[]> {
    const users = await readUsers(client, config, { onProgress });
    learn(users);
    const people: Person[] = [];
    for (const user of users) {
      const email = await emailOfListed(user);
      if (email !== null) people.push(personFromList(user, email));
      const isLookedUp = emailInLogin(user.loginId) === null;
      if (isLookedUp) onProgress?.({ what: 'addresses of users', done: people.length, total: users.length });
    }
    return people;
  }

  /** The list, because no call finds by address (vendors.md 6); it ends at the page with the address. */
  async function byEmail(email: string): Promise<Person | null> {
    const key = emailKey(email);
    const isTheirs = ({ loginId }: ListedUser): boolean => emailKey(loginId) === key;
    const users = await readUsers(client, config, { until: isTheirs });
    learn(users);
    const direct = users.find(isTheirs);
    if (direct !== undefined) return personFromList(direct, direct.loginId);
    for (const user of users.filter(({ loginId }) => emailInLogin(loginId) === null)) {
      const found = await emailOfListed(user);
      if (found !== null && emailKey(found) === key) return personFromList(user, found);
    }
    return null;
  }

  async function idsOf(
    providerUserId: string,
    { withIntercom }: { readonly withIntercom: boolean },
  ): Promise<AgentIds | null> {
    const known = agents.get(providerUserId);
    if (known !== undefined && (!withIntercom || known.intercom !== null)) return known;
    const detail = await look(providerUserId);
    return detail === null || detail.agent === null ? null : (agents.get(detail.id) ?? null);
  }

  function userOf(agentId: string): string | undefined {
    return [...agents].find(([, ids]) => ids.agentId === agentId)?.[0];
  }

  async function extensionOf(agentId: string): Promise<string | null> {
    if (userOf(agentId) === undefined) learn(await readUsers(client, config));
    const id = userOf(agentId);
    return id === undefined ? null : ((await idsOf(id, { withIntercom: true }))?.intercom ?? null);
  }

  return {
    list,
    byEmail,
    look,
    mustLook,
    idsOf,
    extensionOf,
    remember,
    recall({ agents: read, readAt }) {
      for (const { providerUserId, email } of read) {
        if (!emails.has(providerUserId)) emails.set(providerUserId, { email, at: readAt });
      }
    },
  };
}
