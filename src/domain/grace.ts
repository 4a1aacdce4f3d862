/** Days on which people work. */
export interface BusinessCalendar {
  /** IANA name: where a day begins and ends. */
  readonly timeZone: string;
  /** Days as YYYY-MM-DD on which nobody works, besides Saturdays and Sundays. */
  readonly holidays: readonly string[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
const WEEKEND = new Set([0, 6]);

/**
 * How many calendar days it takes until so many business days have passed, counted from the day of `now`; a part of
 * a business day counts as one. The day of `now` itself is not counted. 0 business days are 0 days.
 */
export function graceDaysFrom(now: Date, businessDays: number, calendar: BusinessCalendar): number {
  const holidays = new Set(calendar.holidays);
  const first = startOfDay(now, calendar.timeZone);
  let days = 0;
  for (let left = Math.ceil(businessDays); left > 0;) {
    days += 1;
    const day = new Date(first + days * DAY_MS);
    if (!WEEKEND.has(day.getUTCDay()) && !holidays.has(day.toISOString().slice(0, 10))) left -= 1;
  }
  return days;
}

/** Midnight UTC of the calendar day that `now` is in, as people in the zone name it. */
function startOfDay(now: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(now);
  return Date.parse(`${parts}T00:00:00Z`);
}
