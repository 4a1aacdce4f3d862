/** Whether `part` is a moment as Postgres writes it, so that casting it back cannot fail. */
export function isMoment(part: string): boolean {
  return part === 'infinity' || /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::\d\d)?$/.test(part);
}

/** A moment as JSON writes it. */
export function isIsoMoment(part: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(part);
}
