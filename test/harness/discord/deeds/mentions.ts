/** Who is named in a text, and who of them is told (API reference, "Allowed Mentions Object"). */
import { AllowedMentionsTypes, type APIAllowedMentions, type APIUser } from 'discord-api-types/v10';
import type { Guild, State } from '../state.ts';

export interface Mentions {
  readonly users: APIUser[];
  readonly roles: string[];
  readonly everyone: boolean;
}

const idsIn = (text: string, pattern: RegExp): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, id = '']) => id)),
];

/** Does it allow this one? Undefined: all are allowed. */
function allows(allowed: APIAllowedMentions | undefined, kind: AllowedMentionsTypes, id: string): boolean {
  if (allowed === undefined || allowed.parse?.includes(kind) === true) return true;
  const named = kind === AllowedMentionsTypes.User ? allowed.users : allowed.roles;
  return named?.includes(id) === true;
}

/** @param everyone may the speaker tell everyone, and roles that are not for all to name? */
export function mentionsIn(
  state: State,
  guild: Guild | undefined,
  text: string,
  allowed: APIAllowedMentions | undefined,
  everyone: boolean,
): Mentions {
  const users = idsIn(text, /<@!?(\d+)>/g)
    .filter((id) => allows(allowed, AllowedMentionsTypes.User, id))
    .flatMap((id) => state.users.get(id) ?? []);
  const roles = idsIn(text, /<@&(\d+)>/g).filter((id) => {
    const role = guild?.roles.get(id);
    return role !== undefined && (everyone || role.mentionable) && allows(allowed, AllowedMentionsTypes.Role, id);
  });
  const all =
    guild !== undefined &&
    everyone &&
    /@(everyone|here)\b/.test(text) &&
    (allowed === undefined || allowed.parse?.includes(AllowedMentionsTypes.Everyone) === true);
  return { users, roles, everyone: all };
}
