/** A page with little to say, for people who are not signed in. */
export interface NoticePage {
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** To be read to an administrator. */
  readonly code?: string;
  readonly link?: { readonly href: string; readonly text: string };
  /** Where the browser goes by itself. */
  readonly forwardTo?: string;
}

export type RenderNotice = (page: NoticePage) => string;

/** Plain HTML that works under the strictest policy: no script, no style, no image. */
export const renderPlainNotice: RenderNotice = ({ title, paragraphs, code, link, forwardTo }) => {
  const forward =
    forwardTo === undefined ? '' : `<meta http-equiv="refresh" content="0;url=${escapeHtml(forwardTo)}">`;
  const body = [
    `<h1>${escapeHtml(title)}</h1>`,
    ...paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
    code === undefined ? '' : `<p><strong>${escapeHtml(code)}</strong></p>`,
    link === undefined ? '' : `<p><a href="${escapeHtml(link.href)}">${escapeHtml(link.text)}</a></p>`,
  ];
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${escapeHtml(title)}</title>${forward}</head><body><main>${body.join('')}</main></body></html>`
  );
};

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Says that it did not work and nothing more; the reason is for administrators. */
export function refusedPage(friendlyId: string): NoticePage {
  return {
    title: 'Signing in did not work',
    paragraphs: [
      'Your administrator can see why. Give them this code:',
      'You can also try once more from the start.',
    ],
    code: friendlyId,
  };
}
