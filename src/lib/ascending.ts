/** Each text once, in ascending order. Long lists mostly are so already, and are given back as they are. */
export function ascending(texts: readonly string[]): readonly string[] {
  if (texts.every((text, index) => index === 0 || (texts[index - 1] ?? '') < text)) return texts;
  return texts.toSorted().filter((text, index, sorted) => index === 0 || text !== sorted[index - 1]);
}
