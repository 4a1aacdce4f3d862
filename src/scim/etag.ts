/**
 * meta.version and ETag of a resource (RFC 7644 section 3.14). Weak: it speaks of what can be written; `groups` of a
 * user and `display` of a member are computed and may differ under one version.
 */
export function etagOf(version: number): string {
  return `W/"${String(version)}"`;
}

/** What an If-Match header lets through; undefined when there is none. Several tags may be listed. */
export function acceptedVersions(ifMatch: string | undefined): ((version: number) => boolean) | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const tags = tagsOf(ifMatch);
  return (version) => tags.has(`"${String(version)}"`);
}

/** Whether an If-None-Match header names this ETag, so that the client has what would be sent. */
export function isKnownTo(ifNoneMatch: string | undefined, etag: string | undefined): boolean {
  if (ifNoneMatch === undefined || etag === undefined) return false;
  return ifNoneMatch.trim() === '*' || tagsOf(ifNoneMatch).has(withoutWeakness(etag));
}

/** Compared weakly (RFC 9110 section 8.8.3.2). */
function tagsOf(header: string): ReadonlySet<string> {
  return new Set(header.split(',').map((tag) => withoutWeakness(tag.trim())));
}

function withoutWeakness(tag: string): string {
  return tag.replace(/^W\//i, '');
}
