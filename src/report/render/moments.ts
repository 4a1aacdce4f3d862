/** Writes moments for people, in the report's time zone. */
export interface Moments {
  readonly day: (iso: string) => string;
  readonly moment: (iso: string) => string;
  /** Short, for axes. */
  readonly tick: (iso: string) => string;
}

export function momentsIn(timeZone: string): Moments {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
    return (iso: string) => formatter.format(new Date(iso));
  };
  return {
    day: format({ day: 'numeric', month: 'short', year: 'numeric' }),
    moment: format({
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'short',
    }),
    tick: format({ day: 'numeric', month: 'short' }),
  };
}
