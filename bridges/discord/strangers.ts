/** Who does something in a guild and is not known there: without the members intent, anybody who has not spoken yet. Discord is asked who they are. */
import type { APIGuildMember } from 'discord.js';
import { createRemembered } from '#bridge';
import type { Core } from './core.ts';
import { putMember } from './guild-fold.ts';

export interface Strangers {
  /** @param then is called once: at once where they are known, or can't be asked about, else when Discord has answered */
  meet(core: Core, guild: string | undefined, person: string, then: () => void): void;
}

const rememberedAtMost = 500;

/** For one session, until it ends. */
export function createStrangers(signal: AbortSignal): Strangers {
  const coming = new Map<string, Promise<void>>();
  /** Of whom Discord has said nothing: they are not asked about again. */
  const unknown = createRemembered<true>(rememberedAtMost);

  async function ask(core: Core, guild: string, person: string): Promise<void> {
    const key = `${guild} ${person}`;
    try {
      const member = (await core.rest.get(`/guilds/${guild}/members/${person}`, { signal })) as APIGuildMember;
      const now = core.guilds.get(guild);
      if (now !== undefined && !now.members.has(person)) putMember(now, member.user, member);
    } catch (error) {
      if (!signal.aborted) unknown.put(key, true);
      core.log.debug({ err: error }, 'who somebody in a guild of Discord is could not be asked');
    } finally {
      coming.delete(key);
    }
  }

  return {
    meet(core, guild = '', person, then) {
      const key = `${guild} ${person}`;
      const members = core.guilds.get(guild)?.members;
      if (members === undefined || members.has(person) || unknown.has(key)) return then();
      const asking = coming.get(key) ?? ask(core, guild, person);
      coming.set(key, asking);
      void asking.then(then);
    },
  };
}
