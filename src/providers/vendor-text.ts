const TEXT_MAX_CHARS = 300;

/** What a vendor says about its refusal, on one line and short enough to show; null where it says nothing. */
export function vendorText(parts: readonly unknown[]): string | null {
  const text = parts
    .filter((part): part is string => typeof part === 'string' && part.trim() !== '')
    .join(': ')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return text === '' ? null : shorten(text);
}

function shorten(text: string): string {
  const characters = [...text];
  return characters.length <= TEXT_MAX_CHARS ? text : `${characters.slice(0, TEXT_MAX_CHARS).join('')}…`;
}

/** The fields of a JSON object, none for anything else. */
export function parseObject(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
