/** Text to look for as it stands in a LIKE pattern. */
export function likePattern(text: string): string {
  return text.replaceAll('\0', '').replaceAll(/[\\%_]/g, String.raw`\$&`);
}
