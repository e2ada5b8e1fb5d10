/** Scenarios in memory: scripted clients and people of the fake network around a whole gateway, on a clock that the scenario moves. */
import { expect, test } from 'vitest';
import type { FakeConfig } from '../../bridges/fake/config.ts';
import {
  type Content,
  chatId,
  type GatewayError,
  type MemberFacts,
  type MessageRef,
  type NetworkEvent,
  type Power,
  personId,
  type RoomOptions,
} from '../../src/bridge/index.ts';
import type { BridgeConfig } from '../../src/ops/config/config.ts';
import { createManualClock, type ManualClock } from '../harness/manual-clock.ts';
import { domainName, type GatewayOptions, openGateway, type Step, type TestGateway } from './gateway.ts';
import { type Client, Server } from './server.ts';

export const verona = `#verona@${domainName}`;
export const mantua = `#mantua@${domainName}`;

type Done<Event> = Event extends { readonly kind: 'edited' | 'retracted' | 'reaction' | 'typing' | 'read' }
  ? Omit<Event, 'by' | 'chat' | 'at'>
  : never;
/** What somebody does, but for who, where and when. */
export type Deed = Done<NetworkEvent>;

/** Somebody on the network, who hears what is said to them. */
export class NetworkPerson {
  readonly events: NetworkEvent[] = [];
  nick: string;
  readonly #stage: Stage;

  constructor(stage: Stage, nick: string) {
    this.#stage = stage;
    this.nick = nick;
    stage.gateway.world.listen(personId(nick), (event) => this.events.push(event));
  }

  async joins(room: string, power?: Power): Promise<void> {
    this.#stage.gateway.world.join(personId(this.nick), chatId(room), power);
    await this.#stage.calm();
  }

  async parts(room: string): Promise<void> {
    this.#stage.gateway.world.leave(personId(this.nick), chatId(room));
    await this.#stage.calm();
  }

  /** In a room, or to a person. */
  async says(where: string, what: string | Content): Promise<MessageRef> {
    const ref = this.#stage.gateway.world.say(personId(this.nick), chatId(where), what);
    await this.#stage.calm();
    return ref;
  }

  /** Something to a message, or about one. */
  async does(where: string, deed: Deed): Promise<void> {
    const by = personId(this.nick);
    const chat = chatId(where.startsWith('#') ? where : this.nick);
    this.#stage.gateway.world.tell(by, chatId(where), { ...deed, by, chat, at: new Date(this.#stage.clock.now()) });
    await this.#stage.calm();
  }

  async renames(to: string): Promise<void> {
    this.#stage.gateway.world.rename(personId(this.nick), to);
    this.nick = to;
    await this.#stage.calm();
  }

  async kicks(whom: string, room: string, reason: string): Promise<void> {
    this.#stage.gateway.world.leave(personId(whom), chatId(room), 'kicked', this.nick, reason);
    await this.#stage.calm();
  }

  async setsTopic(room: string, text: string): Promise<void> {
    this.#stage.gateway.world.topic(personId(this.nick), chatId(room), text);
    await this.#stage.calm();
  }

  async configures(room: string, change: RoomOptions): Promise<void> {
    this.#stage.gateway.world.setOptions(personId(this.nick), chatId(room), change);
    await this.#stage.calm();
  }

  async invites(whom: string, room: string): Promise<void> {
    this.#stage.gateway.world.invite(personId(this.nick), personId(whom), chatId(room));
    await this.#stage.calm();
  }

  /** All texts that this one heard, in order: "nick: text". */
  get heard(): readonly string[] {
    return this.events.flatMap((event) =>
      event.kind === 'message' ? [`${event.nick}: ${event.content.text?.plain}`] : [],
    );
  }

  /** Who came and went, in order: "+nick", "-nick". */
  get saw(): readonly string[] {
    return this.events.flatMap((event) => {
      if (event.kind !== 'members' || event.complete === true) return [];
      return event.changes.flatMap((change) =>
        change.is === 'in' ? [`+${change.member.nick}`] : change.is === 'out' ? [`-${change.person}`] : [],
      );
    });
  }
}

export class Stage {
  readonly clock: ManualClock;
  readonly server: Server;
  readonly gateway: TestGateway;
  /** Errors that the scenario makes on purpose. */
  mayFail = false;

  constructor(clock: ManualClock, server: Server, gateway: TestGateway) {
    this.clock = clock;
    this.server = server;
    this.gateway = gateway;
  }

  client(user = 'romeo', resource = 'desk'): Client {
    return this.server.client(user, resource);
  }

  person(nick: string): NetworkPerson {
    return new NetworkPerson(this, nick);
  }

  /** Somebody who is in the room before anybody of ours. */
  async inhabitant(nick: string, room: string, power?: Power): Promise<NetworkPerson> {
    const person = this.person(nick);
    await person.joins(room, power);
    return person;
  }

  async promotes(nick: string, room: string, power: Power): Promise<void> {
    this.gateway.world.power(personId(nick), chatId(room), power, 'ChanServ');
    await this.calm();
  }

  /** So many people come into the room, and are cut off again when the returned function is called. */
  crowd(room: string, size: number): () => void {
    const people = Array.from({ length: size }, (_, i) => personId(`citizen${i}`));
    for (const person of people) this.gateway.world.join(person, chatId(room));
    return () => this.gateway.world.split(people, 'a.net b.net');
  }

  /** Something becomes known of somebody on the network. */
  async learns(nick: string, facts: MemberFacts): Promise<void> {
    this.gateway.world.facts(personId(nick), facts);
    await this.calm();
  }

  calm(): Promise<void> {
    return this.server.calm();
  }

  async passes(seconds: number): Promise<void> {
    await this.clock.advance(seconds * 1000);
    await this.calm();
  }

  refuses(room: string, error: GatewayError | undefined): void {
    this.gateway.world.refuse(chatId(room), error);
  }

  members(room: string): readonly string[] {
    return this.gateway.world.members(chatId(room)).map(({ nick }) => nick);
  }

  /** Nobody is lost between a stop and a start. */
  async restarts(how: 'keep' | 'farewell' | 'kill' = 'keep'): Promise<void> {
    await this.gateway.stop(how);
    await this.calm();
    await this.gateway.start();
    await this.calm();
  }

  /** While `during` runs, that step of every session waits. */
  async whileHeld(step: Step, during: () => Promise<void>): Promise<void> {
    const release = this.gateway.hold(step);
    await during();
    release();
    await this.calm();
  }

  /** How many accounts are running, and how many are written down. */
  async accounts(): Promise<{ readonly running: number; readonly stored: number }> {
    const { n } = await this.gateway.database.db
      .selectFrom('accounts')
      .select((one) => one.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    return { running: this.gateway.domain.runner.size, stored: Number(n) };
  }

  /** Entries of all outboxes. */
  async waiting(): Promise<number> {
    return (await this.gateway.memory.outbox.waiting()).length;
  }
}

export interface StageOptions {
  readonly options?: Partial<FakeConfig>;
  readonly allow?: readonly string[];
  readonly fileAllows?: NonNullable<GatewayOptions['fileAllows']>;
  readonly admins?: readonly string[];
  readonly archive?: boolean;
  readonly uploads?: { readonly days: number; readonly perUser: number; readonly megabytes: number };
  readonly limits?: Partial<BridgeConfig['limits']>;
  readonly pages?: GatewayOptions['pages'];
}

/** Registers a scenario. Bugs that were logged meanwhile fail it, and anything in the log that somebody said. */
export function scenario(name: string, play: (stage: Stage) => Promise<void>, options: StageOptions = {}): void {
  test(name, async () => {
    const clock = createManualClock();
    const server = new Server();
    const gateway = await openGateway({ clock, toServer: (text) => server.take(text), ...options });
    server.gateway = gateway;
    const stage = new Stage(clock, server, gateway);
    try {
      await play(stage);
      if (!stage.mayFail) expect(gateway.errors).toEqual([]);
      expect(gateway.leaks(), 'said, and in the log').toEqual([]);
    } finally {
      await gateway.close();
    }
  });
}
