import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import type { ApiRoute, Reply } from '../../reply.js';
import { hashPassword } from '../password.js';
import { read } from '../user-input.js';
import type { World } from '../world.js';

const credentials = z.object({ email: z.string().min(1), password: z.string().min(1) });

/** Signing in (vendors.md 2.1). Every failure counts, and the login locks: a client that loops locks itself out. */
export function authRoutes(world: World): ApiRoute[] {
  return [{ method: 'post', path: '/v1/auth/login', isOpen: true, handle: ({ body }) => logIn(world, body) }];
}

function logIn(world: World, body: unknown): Reply {
  const { state, settings, clock } = world;
  const { email, password } = read(credentials, body);
  const key = email.toLowerCase();
  const failures = (state.failures[key] ??= { count: 0 });
  const user = state.users.rows().find(({ loginId }) => loginId.toLowerCase() === key);
  const isLocked = failures.count >= settings.lockAfterFailures;
  const isRight = user !== undefined && user.passwordHash === hashPassword(user.loginId, password);
  if (isLocked || !isRight || user.isWebLoginBlocked) {
    failures.count += 1;
    const message = isLocked ? 'Your account is locked.' : 'The username or password is incorrect.';
    const body401 = { success: false, message, login_failed_count: failures.count };
    return { status: 401, body: body401, effects: [`login.failed ${failures.count}`] };
  }
  failures.count = 0;
  const token = randomBytes(24).toString('hex');
  state.sessions.push({ token, expiresAt: clock.now() + settings.sessionSeconds * 1000 });
  return {
    status: 200,
    effects: ['login.done'],
    body: {
      success: true,
      access_token: token,
      token_type: 'bearer',
      expires_in: settings.sessionSeconds,
      number_of_days_left: settings.passwordDays,
    },
  };
}
