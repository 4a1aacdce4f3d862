import type { Admission } from '../exchange.js';
import type { Limiter } from './limiter.js';
import { edgeReply } from './replies.js';
import type { World } from './world.js';

/** The edge: a token that is valid now, then the account's budget. A wrong token costs no budget. */
export function makeAdmission({
  world,
  limiter,
}: {
  readonly world: World;
  readonly limiter: Limiter;
}): Admission {
  return (req) => {
    const token = /^Bearer (\S+)$/u.exec(req.headers.authorization ?? '')?.[1];
    if (token === undefined || !isValid(world, token)) return { reply: edgeReply(401), isRateLimited: false };
    const limited = limiter.take();
    return limited === null ? null : { reply: limited, isRateLimited: true };
  };
}

function isValid({ state, clock }: World, token: string): boolean {
  return (
    state.tokens.some((known) => known.token === token && !known.isRevoked) ||
    state.sessions.some((known) => known.token === token && known.expiresAt > clock.now())
  );
}
