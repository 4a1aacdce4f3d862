/** Whether `part` is a moment as Postgres writes it, so that casting it back cannot fail. */
export function isMoment(part: string): boolean {
  return part === 'infinity' || /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::\d\d)?$/.test(part);
}
