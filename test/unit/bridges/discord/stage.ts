/** A Discord with one guild and a bot's session in it, for tests of the bridge alone. */
import { afterAll, beforeAll } from 'vitest';
import discord from '../../../../bridges/discord/index.ts';
import {
  type Account,
  type ChatId,
  chatId,
  deliveryKey,
  type Network,
  type NetworkEvent,
  plainText,
  type Session,
} from '../../../../src/bridge/index.ts';
import { systemClock } from '../../../../src/ops/clock.ts';
import { createGuardedFetch } from '../../../../src/process/guarded-fetch.ts';
import { type FakeDiscord, startDiscord } from '../../../harness/discord/server.ts';
import { quick, type Settings } from '../../../harness/discord/settings.ts';
import type { Application, Channel, Guild } from '../../../harness/discord/state.ts';
import { Inbox } from '../../../harness/inbox.ts';
import { silentLog } from '../../../harness/silent-log.ts';

type EventOf<Kind extends NetworkEvent['kind']> = Extract<NetworkEvent, { kind: Kind }>;

export interface Login {
  readonly session: Session;
  /** All that came, the first first. */
  readonly events: readonly NetworkEvent[];
  readonly resumes: string[];
  readonly bot: Application;
  /** The next event of that kind that fits. */
  hears<Kind extends NetworkEvent['kind']>(
    kind: Kind,
    fits?: (event: EventOf<Kind>) => boolean,
  ): Promise<EventOf<Kind>>;
  enters(channel: Channel): Promise<ChatId>;
  /** Nobody is where they are told to be: what is entered is entered anew. */
  says(chat: ChatId, text: string, more?: object): ReturnType<Session['send']>;
  end(): Promise<void>;
}

export interface Stage {
  readonly discord: FakeDiscord;
  readonly guild: Guild;
  readonly room: Channel;
  /** @param more what the account has besides; `options`: the bridge's */
  login(
    more?: Partial<Account> & { readonly options?: object; readonly bot?: Application; readonly signal?: AbortSignal },
  ): Promise<Login>;
}

export const roomOf = ({ id }: Channel): ChatId => chatId(`#${id}`);

/** One server for the tests of a file; its sessions end with it. */
export function useStage(settings: Partial<Settings> = quick): Stage {
  let server: FakeDiscord;
  let guild: Guild;
  let room: Channel;
  let keys = 0;
  const ended = new AbortController();
  beforeAll(async () => {
    server = await startDiscord(settings);
    guild = server.world.guild('Verona', server.world.user('owner'));
    room = server.world.find(guild, 'general');
  });
  afterAll(async () => {
    ended.abort(new Error('the tests are over'));
    await server[Symbol.asyncDispose]();
  });

  async function login({
    options = {},
    bot = newBot(),
    signal = ended.signal,
    ...more
  }: Parameters<Stage['login']>[0] = {}): Promise<Login> {
    const events: NetworkEvent[] = [];
    const resumes: string[] = [];
    const inbox = new Inbox<NetworkEvent>('the bridge', (event) => JSON.stringify(event));
    const config = discord.config.parse({ api: server.api, cdn: server.cdn, ...options });
    const network: Network = discord.open(config, {
      log: silentLog,
      clock: systemClock,
      fetch: createGuardedFetch({ clock: systemClock }),
    }) as Network;
    const session = await network.connect(
      { id: `account ${bot.name}`, owner: 'romeo@montague.test', credentials: { token: bot.token ?? '' }, ...more },
      {
        emit(event) {
          events.push(event);
          inbox.put(event);
          return undefined;
        },
        checkpoint: async (resume) => void resumes.push(resume),
      },
      signal,
    );
    return {
      session,
      events,
      resumes,
      bot,
      async hears(kind, fits = () => true) {
        type Wanted = EventOf<typeof kind>;
        const event = await inbox.take((one) => one.kind === kind && fits(one as Wanted), kind);
        return event as Wanted;
      },
      async enters(channel) {
        const chat = roomOf(channel);
        await session.rooms?.join(chat, { nick: 'romeo' }, AbortSignal.timeout(5_000));
        return chat;
      },
      says: (chat, text, content = {}) =>
        session.send(
          { text: plainText(text), ...content },
          { chat, key: deliveryKey(`${Date.now()}-${++keys}`), number: 1, signal: AbortSignal.timeout(10_000) },
        ),
      end: () => session.end('over'),
    };
  }

  function newBot(): Application {
    const bot = server.world.bot(`isthmus${++keys}`);
    server.world.invite(bot, guild);
    return bot;
  }

  return {
    get discord() {
      return server;
    },
    get guild() {
      return guild;
    },
    get room() {
      return room;
    },
    login,
  };
}
