/** The tests' Discord in a process of its own: a bot in guilds full of channels, and people who talk in the first of them. Nothing that was asked of it is kept. */
import type { APIUser } from 'discord-api-types/v10';
import { startDiscord } from '../harness/discord/server.ts';
import { quick } from '../harness/discord/settings.ts';
import type { Channel } from '../harness/discord/state.ts';
import { pump } from './pump.ts';
import { type DiscordAsk, type DiscordPlace, type DiscordScene, serve, stamp } from './wire.ts';

/** Beside the bot; as many stay in each guild's first channel. */
const talkers = 10;

/** Runs until its parent goes. */
export function fakeDiscord(args: readonly string[]): void {
  const scene = JSON.parse(args[0] ?? '{}') as DiscordScene;
  const ready = build(scene);
  serve<DiscordAsk>(async (question) => {
    const { place, say } = await ready;
    if (question.do === 'place') return place;
    return say(question);
  });
}

async function build({ guilds, channels, members, hurries }: DiscordScene) {
  const discord = await startDiscord({ ...(hurries && quick), identifyEveryMs: 0, recorded: false, kept: 1_000 });
  const { world } = discord;
  const owner = world.user('owner');
  const bot = world.bot('bench');
  const people: APIUser[] = [];
  let first: Channel | undefined;
  let last: Channel | undefined;
  for (let n = 0; n < guilds; n++) {
    const guild = world.guild(`Guild ${n}`, owner, true);
    const crowd = world.crowd(guild, members, `person${n}x`);
    if (n === 0) people.push(...crowd.slice(0, talkers));
    for (let c = 0; c < channels; c++) {
      last = world.channel(guild, { name: `channel-${c}`, topic: `What belongs in channel ${c}` });
      first ??= last;
    }
    world.invite(bot, guild);
  }
  const place: DiscordPlace = {
    api: discord.api,
    cdn: discord.cdn,
    bot: bot.name,
    token: bot.token ?? '',
    first: first?.id ?? '',
    last: last?.id ?? '',
  };
  let said = 0;
  const say = (how: Extract<DiscordAsk, { do: 'say' }>): Promise<void> =>
    pump({
      count: how.messages,
      perSecond: how.perSecond,
      batch: 50,
      mayWrite: () => true,
      write(_from, count) {
        for (let n = 0; n < count; n++) {
          said += 1;
          const person = people[said % people.length];
          if (first === undefined || person === undefined) return;
          world.say(person, first, `the quick **brown** fox jumps over @t${stamp()} ${said}`);
        }
      },
    });
  return { place, say };
}
