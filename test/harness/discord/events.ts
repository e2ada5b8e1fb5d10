/** One thing that happens, as it is told to those who may know it; it is written out once for all of them. */
import { type APIMessage, type GatewayDispatchPayload, GatewayIntentBits as Intent } from 'discord-api-types/v10';
import type { Application, Channel, Guild, State } from './state.ts';

/** The names of events, as they stand on the wire. */
export type EventName = `${GatewayDispatchPayload['t']}`;

/** What an event of that name carries. */
export type EventData<Name extends EventName, Payload = GatewayDispatchPayload> = Payload extends {
  t: infer T extends string;
  d: infer D;
}
  ? Name extends `${T}`
    ? D
    : never
  : never;

/** Who may know it. */
export interface Audience {
  readonly guild?: Guild | undefined;
  /** The guild whose shard it goes to, where whoever is told is not in it. */
  readonly home?: Guild;
  /** Only those who can see it. */
  readonly channel?: Channel | undefined;
  /** One of these intents is needed; 0: none. */
  readonly intents: number;
  /** Nobody else. */
  readonly only?: Application;
  /** Only those who may do that in the guild. */
  readonly permission?: bigint;
  /** Whoever it is about: told without the intent, and whether they see the channel or not. */
  readonly own?: string;
}

/** A session to which something is told. */
export interface Viewer {
  readonly application: Application;
  readonly intents: number;
  readonly largeThreshold: number;
}

export interface Event extends Audience {
  readonly name: EventName;
  /** `"t":…,"d":…}`: the rest of the payload behind its number. */
  readonly full: string | ((viewer: Viewer) => string);
  /** The same for those without message content; they get `full` where there is none, or if they are in `exempt`. */
  readonly blank: (() => string) | undefined;
  /** Users to whom the content is shown anyway: who wrote it, who is named in it. */
  readonly exempt: readonly string[];
}

/** Tells all who may know. */
export function tell<Name extends EventName>(
  state: State,
  name: Name,
  data: EventData<Name>,
  audience: Audience,
  exempt?: readonly string[],
): void {
  let blank: string | undefined;
  state.publish({
    ...audience,
    name,
    full: tail(name, data),
    blank:
      exempt === undefined
        ? undefined
        : () => {
            blank ??= tail(name, withoutContent(data));
            return blank;
          },
    exempt: exempt ?? [],
  });
}

/** Tells all who may know, to each as it is for them. */
export function tellEach<Name extends EventName>(
  state: State,
  name: Name,
  data: (viewer: Viewer) => EventData<Name>,
  audience: Audience,
): void {
  state.publish({ ...audience, name, full: (viewer) => tail(name, data(viewer)), blank: undefined, exempt: [] });
}

/** The end of a payload, which is the same for everybody. */
export const tail = (name: EventName, data: unknown): string =>
  `,"t":"${name}","d":${data === undefined ? '{}' : JSON.stringify(data)}}`;

/** A message as those see it who have no message content intent. */
export function withoutContent<T>(data: T): T {
  const { poll: _, referenced_message, message_snapshots, ...rest } = data as T & Partial<APIMessage>;
  return {
    ...rest,
    content: '',
    embeds: [],
    attachments: [],
    components: [],
    ...(referenced_message ? { referenced_message: withoutContent(referenced_message) } : {}),
    ...(message_snapshots === undefined
      ? {}
      : { message_snapshots: message_snapshots.map(({ message }) => ({ message: withoutContent(message) })) }),
  } as T;
}

/** Of a guild or of conversations. */
const intentIn = (channel: Channel, ofGuild: number, ofTwo: number): number =>
  channel.guild === undefined ? ofTwo : ofGuild;

/** The usual audience of what happens in a channel. */
export const inChannel = (channel: Channel, ofGuild: number, ofTwo: number): Audience => ({
  guild: channel.guild,
  channel,
  intents: intentIn(channel, ofGuild, ofTwo),
});

/** The audience of messages. */
export const ofMessages = (channel: Channel): Audience =>
  inChannel(channel, Intent.GuildMessages, Intent.DirectMessages);

/** The audience of what happens to a guild's structure. */
export const ofGuild = (guild: Guild, intents: number = Intent.Guilds): Audience => ({ guild, intents });
