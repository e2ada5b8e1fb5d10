/** Users and bots. */
import type { APIUser } from 'discord-api-types/v10';
import { type Application, noFlags, type State } from '../state.ts';

/** What may be said of a user. */
export type UserFacts = Partial<Omit<APIUser, 'id'>>;

/** A user whom nobody has met yet. */
export function createUser(state: State, username: string, facts: UserFacts = {}): APIUser {
  const user: APIUser = {
    id: state.newId(),
    username,
    discriminator: '0',
    global_name: null,
    avatar: null,
    banner: null,
    accent_color: null,
    public_flags: noFlags,
    flags: noFlags,
    ...facts,
  };
  state.users.set(user.id, user);
  return user;
}

/** A token as Discord writes them: the user's id, a time, a secret. */
function newToken(state: State, user: APIUser): string {
  const part = (text: string): string => Buffer.from(text).toString('base64url');
  const mark = part(state.newId());
  return `${part(user.id)}.${mark.slice(0, 6)}.${mark.padEnd(38, 'x')}`;
}

/** A bot, as its owner makes it in the developers' portal. @param privileged intents that are switched on there */
export function createApplication(state: State, name: string, privileged: number, facts: UserFacts = {}): Application {
  const user = createUser(state, name, { bot: true, discriminator: '0001', ...facts });
  const application: Application = { id: user.id, name, token: newToken(state, user), user, privileged };
  state.applications.set(application.id, application);
  return application;
}

/** Another token; the one of before is good for nothing any more. */
export function resetToken(state: State, application: Application): string {
  application.token = newToken(state, application.user);
  return application.token;
}
