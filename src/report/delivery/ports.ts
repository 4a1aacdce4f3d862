import type { Mail } from '../../mail/ports.js';
import type { Report } from '../model/report.js';

export const DESTINATION_KINDS = ['email', 'webhook', 'slack'] as const;
export type DestinationKind = (typeof DESTINATION_KINDS)[number];

/** Who gets reports, how, and when. */
export interface Destination {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
  readonly kind: DestinationKind;
  readonly config: DestinationConfig;
  /** Encrypted envelope: the signing secret of a webhook, the address of a chat. null: e-mail needs none. */
  readonly secrets: string | null;
  /** Five-field cron in `timeZone`. */
  readonly cron: string;
  readonly timeZone: string;
  readonly quietWhenUnchanged: boolean;
  readonly isActive: boolean;
  readonly createdAt: Date;
}

export interface DestinationConfig {
  /** Of e-mail; null: the tenant's contacts for reports. */
  readonly recipients?: readonly string[] | null;
  /** Of a webhook; of a chat only its host, because the whole address is the secret. */
  readonly url?: string;
}

export interface DeliveryAudit {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface DestinationStore {
  /** Throws AppError `conflict` when the name is taken. */
  insert(destination: Destination, audit: DeliveryAudit): Promise<void>;
  list(tenantId: string): Promise<readonly Destination[]>;
  /** Active ones of every tenant. */
  listAllActive(): Promise<readonly Pick<Destination, 'tenantId' | 'id' | 'cron' | 'timeZone'>[]>;
  find(tenantId: string, destinationId: string): Promise<Destination | null>;
  /** False when there is none. */
  setActive(
    tenantId: string,
    destinationId: string,
    isActive: boolean,
    audit: DeliveryAudit,
  ): Promise<boolean>;
  remove(tenantId: string, destinationId: string, audit: DeliveryAudit): Promise<boolean>;
}

export type DeliveryState = 'due' | 'sent' | 'failed';

export interface ListedDelivery {
  readonly id: string;
  readonly destinationId: string;
  readonly reportId: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly dueAt: Date;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
}

export interface DueDelivery {
  readonly id: string;
  /** Tries so far. */
  readonly attempts: number;
  readonly createdAt: Date;
  readonly destination: Destination;
  readonly report: Report;
}

export interface DeliveryStore {
  /** One for each report and destination: a second one is not written. */
  add(
    destination: Destination,
    reportId: string,
    ids: { readonly id: string; readonly at: Date },
  ): Promise<void>;
  /** Of every tenant: what is due and unclaimed; nobody else takes it before `until`. */
  claim(at: Date, until: Date, limit: number): Promise<readonly DueDelivery[]>;
  sent(delivery: DueDelivery, at: Date): Promise<void>;
  /** Hands an e-mail to the outbox and notes it as sent, both or neither. */
  mailed(delivery: DueDelivery, mail: Mail, at: Date): Promise<void>;
  failed(delivery: DueDelivery, error: string, retryAt: Date | null): Promise<void>;
  /** The report that the destination was given last; null: none yet. */
  lastReport(destination: Destination): Promise<Report | null>;
  /** Newest first. */
  list(tenantId: string, limit: number): Promise<readonly ListedDelivery[]>;
}
