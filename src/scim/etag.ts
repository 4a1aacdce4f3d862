/** meta.version and ETag of a resource (RFC 7644 section 3.14). Weak: other attributes may be computed. */
export function etagOf(version: number): string {
  return `W/"${String(version)}"`;
}

/** What an If-Match header lets through; undefined when there is none. Several tags may be listed. */
export function acceptedVersions(ifMatch: string | undefined): ((version: number) => boolean) | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const tags = new Set(ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//i, '')));
  return (version) => tags.has(`"${String(version)}"`);
}
