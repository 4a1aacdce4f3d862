/** What becomes of a leaver's recordings: nothing, a copy of the lists, or a copy of everything. */
export type ArchivePolicy = 'none' | 'metadata' | 'audio';

export interface RetentionSettings {
  /** For calls on lines of no class. null: for ever. */
  readonly keepDays: number | null;
  /** Each as `name days number number ...`; days may be `forever`. The first one that names the line counts. */
  readonly classes: readonly string[];
}

export interface RetentionClass {
  readonly name: string;
  /** null: for ever. */
  readonly keepDays: number | null;
  /** E.164. */
  readonly numbers: readonly string[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
const CLASS = /^([a-z0-9][a-z0-9-]{0,39})\s+(forever|\d{1,5})((?:\s+\+?\d{3,20})+)$/;

/** The class that such a line describes; null when it cannot be read. */
export function parseRetentionClass(line: string): RetentionClass | null {
  const [, name, days, numbers] = CLASS.exec(line.trim()) ?? [];
  if (name === undefined || days === undefined || numbers === undefined) return null;
  return { name, keepDays: days === 'forever' ? null : Number(days), numbers: numbers.trim().split(/\s+/) };
}

/** The class of calls on this line. Lines that cannot be read are refused where settings are saved. */
export function retentionClassOf(settings: RetentionSettings, number: string | null): RetentionClass {
  const classes = settings.classes.map(parseRetentionClass).filter((one) => one !== null);
  const found = classes.find(({ numbers }) => number !== null && numbers.includes(number));
  return found ?? { name: 'standard', keepDays: settings.keepDays, numbers: [] };
}

/** When a recording of that moment may go. Milliseconds since the epoch; null: never. */
export function expiryOf({ keepDays }: RetentionClass, callAt: number): number | null {
  return keepDays === null ? null : callAt + keepDays * DAY_MS;
}

/**
 * Where policy and plan disagree: what is to be kept longer than the vendor's plan keeps it, and is not copied.
 * One sentence each; none: they agree, or how long the vendor keeps recordings is not known.
 */
export function retentionWarnings(
  settings: RetentionSettings,
  archive: { readonly policy: ArchivePolicy; readonly vendorKeepsDays: number | null },
): readonly string[] {
  const { policy, vendorKeepsDays } = archive;
  if (vendorKeepsDays === null) return [];
  const all = [
    { name: 'standard', keepDays: settings.keepDays },
    ...settings.classes.map(parseRetentionClass).filter((one) => one !== null),
  ];
  const longer = all.filter(({ keepDays }) => keepDays === null || keepDays > vendorKeepsDays);
  if (policy === 'audio' || longer.length === 0) return [];
  const wanted = longer.map(({ name, keepDays }) => `${name}: ${keepDays ?? 'no end of'} days`).join(', ');
  return [
    `The phone system's plan keeps recordings ${String(vendorKeepsDays)} days, and more is wanted (${wanted}). ` +
      'Set the archive policy to "audio", or book a plan that keeps them longer.',
  ];
}
