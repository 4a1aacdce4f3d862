/**
 * The form in which attributes with `caseExact: false` are compared and kept in key columns (`user_name_key`,
 * `display_name_key`, `value_key`): canonical composition, then lower case (RFC 8265 section 3.3 in short). The
 * database function `patchbay_fold` computes the same for values inside JSON.
 */
export function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
