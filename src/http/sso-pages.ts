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
