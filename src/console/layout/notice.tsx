import { h, type Markup } from '../markup/markup.js';
import { Card } from '../parts/blocks.js';
import { renderDocument } from './document.js';
import { Mark } from './icons.js';

/** A page with little to say, for people who are not signed in. */
export interface Notice {
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** To be read to an administrator. */
  readonly code?: string;
  readonly link?: { readonly href: string; readonly text: string };
  /** Where the browser goes by itself. */
  readonly forwardTo?: string;
}

/** Such a page in the console's clothes: what single sign-on says on its way. */
export function renderNotice(notice: Notice): string {
  return renderDocument({
    title: notice.title,
    body: <NoticeCard notice={notice} />,
    session: null,
    waiting: null,
    path: '',
    flash: null,
    problem: null,
    signOutPath: '',
    ...(notice.forwardTo === undefined ? {} : { forwardTo: notice.forwardTo }),
  });
}

function NoticeCard({ notice: { title, paragraphs, code, link } }: { readonly notice: Notice }): Markup {
  return (
    <Card>
      <div class="panel">
        <div class="row">
          <Mark />
          <h1>{title}</h1>
        </div>
        {paragraphs.map((paragraph) => (
          <p>{paragraph}</p>
        ))}
        {code === undefined ? null : <code class="secret">{code}</code>}
        {link === undefined ? null : (
          <p>
            <a class="button" href={link.href}>
              {link.text}
            </a>
          </p>
        )}
      </div>
    </Card>
  );
}
