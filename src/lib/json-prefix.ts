/** The text as a JSON string whose closing quote is still to come: something without a need to be escaped follows. */
export function jsonPrefix(text: string): string {
  return JSON.stringify(text).slice(0, -1);
}
