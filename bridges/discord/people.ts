/** What Discord tells of a person: what is known of them in the guilds, and what it says when asked. */
import type { APIUser } from 'discord.js';
import { createRemembered, GatewayError, type NetworkEvent, type People, type PersonId } from '#bridge';
import { isSnowflake } from './addresses.ts';
import type { Core } from './core.ts';
import type { Member } from './guild.ts';
import { avatarOf } from './guild-fold.ts';
import { nameOf } from './reading.ts';
import { asked } from './refusals.ts';
import { timeOf } from './snowflake.ts';

export interface PeopleOfDiscord {
  readonly people: Required<Pick<People, 'about'>>;
  /** See `Session.watch`. */
  watch(persons: readonly PersonId[]): void;
  /** Something of that person is different. */
  moved(id: string): void;
  /** A guild came or went, or more is known of who is in it. */
  mixed(): void;
  /** Who is watched is told of once more. */
  again(): void;
}

const askedAtMost = 1_000;

/** For one session. */
export function createPeople(core: Core, signal: AbortSignal): PeopleOfDiscord {
  let watched: ReadonlySet<string> = new Set();
  const told = new Map<string, string>();
  /** Of whom it was told how they are. */
  const seen = new Set<string>();
  const users = createRemembered<APIUser>(askedAtMost);

  async function userOf(id: string, patience: AbortSignal): Promise<APIUser> {
    const known = users.get(id);
    if (known !== undefined) return known;
    if (!isSnowflake(id)) throw new GatewayError('no-such-person', { text: 'There is nobody of that id on Discord.' });
    const user = (await asked(core.rest.get(`/users/${id}`, { signal: patience }), patience)) as APIUser;
    users.put(id, user);
    return user;
  }

  function tell(id: string, name: string, avatar: string | undefined, isBot: boolean): void {
    const person = id as PersonId;
    const shown = presenceIn(core, id);
    const text = JSON.stringify([name, avatar, isBot, shown]);
    if (told.get(id) === text) return;
    told.set(id, text);
    core.emit({ kind: 'person', at: core.now(), person, change: { name, avatar: avatar ?? null, isBot } });
    if (shown === undefined) return;
    seen.add(id);
    core.emit({ kind: 'presence', at: core.now(), person, ...shown });
  }

  /** Nobody tells us any more how they are. */
  function lostSightOf(id: string): void {
    if (!seen.delete(id)) return;
    told.delete(id);
    core.emit({ kind: 'presence', at: core.now(), person: id as PersonId, show: 'offline' });
  }

  /** Who shares no guild with us is asked for once. */
  async function look(id: string): Promise<void> {
    const member = memberOf(core, id);
    if (member !== undefined) return tell(id, member.nick, member.avatar, member.isBot);
    // Of a large guild not all members are known who are seen.
    if (presenceIn(core, id) === undefined) lostSightOf(id);
    const user = await userOf(id, signal);
    if (watched.has(id) && memberOf(core, id) === undefined)
      tell(id, nameOf(user), avatarOf(undefined, user), user.bot === true);
  }

  function lookAt(persons: Iterable<string>): void {
    for (const id of persons)
      look(id).catch((error: unknown) => core.log.debug({ err: error }, 'somebody on Discord could not be looked at'));
  }

  return {
    moved(id) {
      if (watched.has(id)) lookAt([id]);
    },
    mixed() {
      if (core.isUp) lookAt(watched);
    },
    again() {
      told.clear();
      seen.clear();
      lookAt(watched);
    },
    watch(persons) {
      watched = new Set<string>(persons);
      for (const id of told.keys()) if (!watched.has(id)) told.delete(id);
      for (const id of seen) if (!watched.has(id)) seen.delete(id);
      lookAt(watched);
    },
    people: {
      async about(person, patience) {
        patience.throwIfAborted();
        const user = await userOf(person, patience);
        const avatar = avatarOf(undefined, user);
        const guilds = [...core.guilds.values()].filter(({ members }) => members.has(person)).map(({ name }) => name);
        return {
          nick: memberOf(core, person)?.nick ?? nameOf(user),
          ...(user.global_name !== null && { realName: user.global_name }),
          account: user.username,
          ...(avatar !== undefined && { avatar }),
          facts: [
            { label: 'On Discord since', value: new Date(timeOf(user.id)).toISOString().slice(0, 10) },
            ...(guilds.length > 0 ? [{ label: 'Guilds', value: guilds.join(', ') }] : []),
            ...(user.bot === true ? [{ label: 'Bot', value: 'yes' }] : []),
          ],
        };
      },
    },
  };
}

/** As the first of our guilds knows them. */
function memberOf({ guilds }: Core, id: string): Member | undefined {
  for (const { members } of guilds.values()) {
    const member = members.get(id);
    if (member !== undefined) return member;
  }
  return undefined;
}

/** undefined: nobody tells us. */
function presenceIn(
  { guilds, intents }: Core,
  id: string,
): Pick<Extract<NetworkEvent, { kind: 'presence' }>, 'show' | 'status'> | undefined {
  if (!intents.has.presences) return undefined;
  let isKnown = false;
  for (const { members, presences } of guilds.values()) {
    const presence = presences.get(id);
    if (presence !== undefined) {
      const { show, status } = presence;
      return { show, ...(status !== undefined && { status }) };
    }
    isKnown ||= members.has(id);
  }
  return isKnown ? { show: 'offline' } : undefined;
}
