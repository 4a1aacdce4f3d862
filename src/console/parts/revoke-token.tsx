import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import type { ApiToken, TokenKind } from '../../tenancy/ports.js';
import type { Tokens } from '../../tenancy/tokens.js';
import type { Permission } from '../../administration/permissions.js';
import { param, type PageContext } from '../kit/context.js';
import { assertTyped, readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { RevokePage } from './new-secret.js';
import { TypedConfirmation } from './typed-confirmation.js';

export interface RevokeFlow {
  readonly tokens: Tokens;
  readonly kind: TokenKind;
  readonly permission: Permission;
  /** Below the console, without the id; and where it goes afterwards. */
  readonly path: string;
  readonly back: { readonly href: string; readonly label: string };
}

const revokeForm = z.object({ typed: z.string().default('') });

/** Asks once more, with the name typed, and then ends the token. */
export function addRevokeFlow(pages: Pages, flow: RevokeFlow): void {
  const path = `${flow.path}/:id/revoke`;
  pages.get(path, flow.permission, (context) => ask(flow, context));
  pages.post(
    path,
    flow.permission,
    (context) => revoke(flow, context),
    (context) => ask(flow, context),
  );
}

async function ask(flow: RevokeFlow, context: PageContext): Promise<Result> {
  const { name, hint } = await findToken(flow, context);
  return page(
    `Revoke ${name}`,
    <RevokePage name={name} hint={hint} back={flow.back}>
      <TypedConfirmation
        action={context.request.originalUrl.split('?', 1)[0] ?? ''}
        session={context.session}
        word={name}
        button="Revoke the token"
      />
    </RevokePage>,
  );
}

async function revoke(flow: RevokeFlow, context: PageContext): Promise<Result> {
  const { id, name } = await findToken(flow, context);
  assertTyped(readForm(context.request, revokeForm).typed, name);
  await flow.tokens.revoke({ tenantId: context.session.tenantId, tokenId: id, actor: context.actor });
  return redirect(flow.back.href, 'token-revoked');
}

async function findToken({ tokens, kind }: RevokeFlow, context: PageContext): Promise<ApiToken> {
  const all = await tokens.list(context.session.tenantId, kind);
  const token = all.find(({ id }) => id === param(context, 'id'));
  if (token !== undefined) return token;
  throw new AppError('notFound', 'There is no such token.');
}
