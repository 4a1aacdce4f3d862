import { runChecks, type CheckContext, type ParsedDocument, type SamlChecks } from './check.js';
import { shown, type Finding } from './finding.js';
import { XmlSyntaxError, type ParseXml } from './xml.js';

export interface ReadResult {
  readonly document: ParsedDocument | null;
  readonly findings: readonly Finding[];
}

/** Parses text that passed the checks on text, and runs the checks on documents. No document: it is not to be looked at. */
export function readDocument(
  checks: SamlChecks,
  xml: string,
  kind: ParsedDocument['kind'],
  context: CheckContext,
): ReadResult {
  const textFindings = runChecks(checks.text, xml, context);
  if (textFindings.length > 0) return { document: null, findings: textFindings };
  const document = parseDocument(checks.parse, xml, kind);
  if ('check' in document) return { document: null, findings: [document] };
  return { document, findings: runChecks(checks.document, document, context) };
}

function parseDocument(parse: ParseXml, xml: string, kind: ParsedDocument['kind']): ParsedDocument | Finding {
  try {
    const { document, root } = parse(xml);
    return { document, root, kind };
  } catch (error) {
    if (!(error instanceof XmlSyntaxError)) throw error;
    return { check: 'xml', arrived: shown(error.message), expected: 'well-formed XML' };
  }
}
