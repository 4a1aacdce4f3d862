import { z } from 'zod';

/*
 * Answers of vendors.md 1.4 to 1.8. Strict on what identifies things, blind to the rest: documented samples and
 * recorded answers differ in every other field. One item that does not fit spoils the whole answer, because a list
 * that silently lost a person would read as "this person is gone".
 */

/** Numbers on the wire, text in Patchbay. */
const Id = z.union([z.int().positive(), z.string().regex(/^\d+$/)]).transform(String);

export const User = z.object({
  id: Id,
  email: z.string().trim().includes('@'),
  name: z.string(),
  /** Left out by the documented samples, shown by recorded answers (vendors.md 1.5). */
  default_number_id: Id.nullish(),
});
export type User = z.output<typeof User>;

export const UserAnswer = z.object({ user: User });

/** available, offline, do_not_disturb, in_call, after_call_work (vendors.md 1.5); others may come. */
export const AvailabilityAnswer = z.object({ availability: z.string() });

/** A team's name identifies it in rules, so it may not be blank. */
const TeamIdentity = z.object({ id: Id, name: z.string().trim().min(1) });
export const TeamAnswer = z.object({ team: TeamIdentity });

export const Team = TeamIdentity.extend({ users: z.array(z.object({ id: Id })) });
export type Team = z.output<typeof Team>;

export const PhoneNumber = z.object({ id: Id, digits: z.string().regex(/\d/), name: z.string().nullish() });
export type PhoneNumber = z.output<typeof PhoneNumber>;

/** `users` comes with a single number only; without it the answer would read as "nobody". */
export const NumberUsersAnswer = z.object({
  number: z.object({ id: Id, users: z.array(z.object({ id: Id })) }),
});

export const Call = z.object({
  id: Id,
  /** UNIX seconds. */
  started_at: z.number().positive(),
  /** Seconds, ringing included. */
  duration: z.number().min(0).nullish(),
  number: z.object({ digits: z.string().nullish() }).nullish(),
  recording: z.string().nullish(),
  voicemail: z.string().nullish(),
});
export type Call = z.output<typeof Call>;

export const CallAnswer = z.object({ call: Call });

const Meta = z.object({
  total: z.int().min(0),
  current_page: z.int().min(1),
  per_page: z.int().min(1),
});

/** One page of a list, whatever the list is called on the wire. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly meta: z.output<typeof Meta>;
}

export const UserPage = z
  .object({ users: z.array(User), meta: Meta })
  .transform(({ users, meta }): Page<User> => ({ items: users, meta }));

export const TeamPage = z
  .object({ teams: z.array(Team), meta: Meta })
  .transform(({ teams, meta }): Page<Team> => ({ items: teams, meta }));

export const NumberPage = z
  .object({ numbers: z.array(PhoneNumber), meta: Meta })
  .transform(({ numbers, meta }): Page<PhoneNumber> => ({ items: numbers, meta }));

export const CallPage = z
  .object({ calls: z.array(Call), meta: Meta })
  .transform(({ calls, meta }): Page<Call> => ({ items: calls, meta }));

export const PingAnswer = z.object({ ping: z.literal('pong') });

export const CompanyAnswer = z.object({
  company: z.object({
    name: z.string(),
    users_count: z.int().min(0).nullish(),
    numbers_count: z.int().min(0).nullish(),
  }),
});

/** The answer to a membership write: a team on recordings, nothing of it is needed. */
export const AnyObject = z.looseObject({}).optional();
