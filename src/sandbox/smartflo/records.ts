/** A user of the simulated account: a web login, an agent who takes calls, or both (vendors.md 2.2). */
export interface UserRecord {
  readonly id: number;
  name: string;
  /** The agent's phone: ten digits, or E.164. */
  number: string;
  email: string;
  loginId: string;
  roleId: number;
  /** Null for a web login without an agent. */
  readonly agent: AgentRecord | null;
  readonly hasWebLogin: boolean;
  isWebLoginBlocked: boolean;
  isLoginBasedCalling: boolean;
  isInternationalOutbound: boolean;
  designation: string;
  agentGroups: readonly string[];
  /** Ids of numbers that the person may show as caller id. */
  callerIds: readonly number[];
  timeGroupId: number | null;
  failoverDestination: string | null;
  /** 0 agent, 1 extension, 2 both. */
  routeCallThrough: number;
  extension: ExtensionRecord | null;
  usersForCdr: CdrVisibility;
  /** Salted hash, for signing in to the API; the password itself is never kept. */
  passwordHash: string;
  readonly isOwner: boolean;
  readonly createdAt: number;
}

export interface AgentRecord {
  /** Fifteen digits, such as `050284237009701`. */
  readonly id: string;
  readonly intercom: number;
  isBlocked: boolean;
}

export interface ExtensionRecord {
  readonly username: string;
  isOutboundBlocked: boolean;
}

export interface CdrVisibility {
  readonly type: 'all' | 'agent';
  readonly value: readonly string[] | null;
}

export interface RoleRecord {
  readonly id: number;
  readonly name: string;
}

export interface TimeGroupRecord {
  readonly id: number;
  readonly name: string;
}

export interface DepartmentRecord {
  readonly id: number;
  name: string;
  description: string;
  ringStrategy: string;
  useAsQueue: boolean;
  timeoutDestinationType: string | null;
  timeoutDestination: string | null;
  /** Agent ids, in the order in which they ring. */
  members: readonly { readonly agentId: string; readonly timeout: number }[];
}

export interface NumberRecord {
  readonly id: number;
  name: string;
  readonly did: string;
  description: string;
  /** Such as `agent||0502...`; null while it leads nowhere. */
  destination: string | null;
  smsTemplate: readonly string[];
}

export interface CallRecord {
  readonly id: number;
  readonly agentId: string;
  readonly numberId: number;
  readonly direction: 'inbound' | 'outbound';
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Seconds. */
  readonly duration: number;
  /** Size of the recording; null when the call was not recorded. */
  readonly recordingBytes: number | null;
}

export interface ApiToken {
  readonly token: string;
  isRevoked: boolean;
}

/** What `POST /v1/auth/login` gave out. */
export interface SessionRecord {
  readonly token: string;
  readonly expiresAt: number;
}

/** Failed sign-ins in a row, by login id in lower case. */
export interface LoginFailures {
  count: number;
}
