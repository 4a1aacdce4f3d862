import { CronExpressionParser } from 'cron-parser';

/** Whether `text` is a cron expression of five fields that has a next moment in the IANA time zone. */
export function isCron(text: string, timeZone: string): boolean {
  if (text.trim().split(/\s+/).length !== 5) return false;
  try {
    CronExpressionParser.parse(text, { tz: timeZone }).next();
    return true;
  } catch {
    return false;
  }
}
