import type { ApiToken } from '../../tenancy/ports.js';
import { Day } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from './badge.js';

/** Whether a token still opens anything. */
export function TokenState({ token, now }: { readonly token: ApiToken; readonly now: Date }): Markup {
  if (token.revokedAt !== null) return <Badge>Revoked</Badge>;
  if (token.expiresAt === null) return <Badge tone="good">Valid</Badge>;
  if (token.expiresAt <= now) return <Badge tone="bad">Expired</Badge>;
  return (
    <Badge tone="good">
      Valid until <Day at={token.expiresAt} />
    </Badge>
  );
}
