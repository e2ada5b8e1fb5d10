/** One scenario's own channel and people, so that scenarios read like transcripts and never meet each other. */
import type { Element } from '../../src/xml/element.ts';
import type { IrcClient } from './irc-client.ts';
import { bodyOf, child } from './markup.ts';
import type { World } from './world.ts';
import type { Joined, XmppClient } from './xmpp-client.ts';

/** Someone with a nick: on IRC or on Jabber. */
export interface Person {
  readonly nick: string;
}

export interface JoinOptions {
  readonly password?: string;
  readonly history?: string;
  /** How long all of it may take (ms). */
  readonly within?: number;
}

/** Where somebody on Jabber is at home: the room that is meant where none is named, and how more of their clients come. */
export interface Home {
  readonly room: string;
  connected(user: string, resource: string, nick: string): Promise<JabberPerson>;
}

export class JabberPerson implements Person {
  nick: string;
  readonly user: string;
  readonly client: XmppClient;
  readonly #stage: Home;

  constructor(stage: Home, client: XmppClient, user: string, nick: string) {
    this.#stage = stage;
    this.client = client;
    this.user = user;
    this.nick = nick;
  }

  /** Joins the scenario's room, and waits for the whole sequence. */
  enters(room = this.#stage.room, options: JoinOptions = {}): Promise<Joined> {
    return this.client.join(room, this.nick, options);
  }

  /** Says it and goes on; returns the stanza's id. */
  says(text: string, room = this.#stage.room): string {
    return this.client.say(room, text);
  }

  /** Waits for that line in the room (one's own is the reflection). */
  hears(from: Person, text: string | RegExp, room = this.#stage.room): Promise<Element> {
    return this.#hears(from, text, room, (stanza) => child(stanza, 'delay') === undefined);
  }

  /** The same where it may come late, with the time at which it was said: how long a process takes to start is not ours to say. */
  hearsAtLast(from: Person, text: string, room = this.#stage.room): Promise<Element> {
    return this.#hears(from, text, room, () => true);
  }

  #hears(from: Person, text: string | RegExp, room: string, fits: (stanza: Element) => boolean): Promise<Element> {
    const wanted = (stanza: Element): boolean => {
      if (
        stanza.name !== 'message' ||
        stanza.attrs.type !== 'groupchat' ||
        stanza.attrs.from !== `${room}/${from.nick}`
      )
        return false;
      if (!fits(stanza)) return false;
      const body = bodyOf(stanza);
      return body !== undefined && (typeof text === 'string' ? body === text : text.test(body));
    };
    return this.client.inbox.take(wanted, `${from.nick} saying ${text}`);
  }

  /** Waits for somebody's presence in the room: `available`, or the `unavailable` that means they are gone. */
  sees(
    who: Person | string,
    type: 'available' | 'unavailable' = 'available',
    room = this.#stage.room,
  ): Promise<Element> {
    const from = `${room}/${typeof who === 'string' ? who : who.nick}`;
    const kind = type === 'available' ? '!' : type;
    return this.client.receive(`<presence from='${from}' type='${kind}'/>`);
  }

  leaves(room = this.#stage.room): Promise<Element> {
    return this.client.leave(room, this.nick);
  }

  /** The same account with one more client. */
  async another(resource: string): Promise<JabberPerson> {
    return this.#stage.connected(this.user, resource, this.nick);
  }
}

export class IrcPerson implements Person {
  readonly client: IrcClient;
  readonly #stage: Stage;

  constructor(stage: Stage, client: IrcClient) {
    this.#stage = stage;
    this.client = client;
  }

  get nick(): string {
    return this.client.nick;
  }

  enters(channel = this.#stage.channel, key = ''): Promise<void> {
    return this.client.join(channel, key);
  }

  says(text: string, channel = this.#stage.channel): void {
    this.client.say(channel, text);
  }

  hears(from: Person, text: string | RegExp, channel = this.#stage.channel): Promise<string> {
    return this.client.hears(from.nick, channel, text);
  }

  /** Waits until the server tells of it: JOIN, PART, QUIT, NICK, KICK, MODE, TOPIC. */
  sees(who: Person | string, command: string, rest = ''): Promise<RegExpExecArray> {
    const nick = typeof who === 'string' ? who : who.nick;
    return this.client.expect(new RegExp(`^(@\\S+ )?:${literal(nick)}!\\S+ ${command}\\b.*${rest}`));
  }

  /** A command, and waits until the server has seen it. */
  async does(line: string): Promise<void> {
    this.client.send(line);
    await this.client.roundtrip();
  }
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Made for each scenario; everybody on it is disconnected at its end. */
export class Stage implements AsyncDisposable {
  readonly world: World;
  readonly channel: string;
  readonly room: string;
  /** The IRC server's address, and the commands' nodes by which it and the gateway are set. */
  readonly server: string;
  readonly serverForm: string;
  readonly gatewayForm: string;
  readonly #number: number;
  readonly #jabber: XmppClient[] = [];
  readonly #irc: IrcClient[] = [];

  constructor(world: World) {
    this.world = world;
    this.#number = world.next();
    this.channel = `#stage${this.#number}`;
    this.room = world.room(this.channel);
    this.server = world.server;
    this.serverForm = world.serverForm;
    this.gatewayForm = world.gatewayForm;
  }

  /** Someone on Jabber, with an account that nobody else uses. */
  jabber(name: string): Promise<JabberPerson> {
    return this.connected(this.world.newUser(), name, `${name}${this.#number}`);
  }

  /** For JabberPerson: one more client of an account. */
  async connected(user: string, resource: string, nick: string): Promise<JabberPerson> {
    const client = await this.world.jabber(user, resource);
    this.#jabber.push(client);
    return new JabberPerson(this, client, user, nick);
  }

  /** Where somebody of IRC is written to. */
  address(nick: string): string {
    return this.world.person(nick);
  }

  /** Someone on IRC. */
  async irc(name: string, caps: readonly string[] = []): Promise<IrcPerson> {
    const client = await this.world.irc(`${name}${this.#number}`, caps);
    this.#irc.push(client);
    return new IrcPerson(this, client);
  }

  /** The usual beginning: one of each in the room, both knowing of the other. */
  async pair(): Promise<{ readonly romeo: JabberPerson; readonly juliet: IrcPerson }> {
    const juliet = await this.irc('juliet');
    await juliet.enters();
    const romeo = await this.jabber('romeo');
    await romeo.enters();
    await juliet.sees(romeo, 'JOIN');
    return { romeo, juliet };
  }

  /** Another channel of this scenario's own. */
  otherChannel(): { readonly channel: string; readonly room: string } {
    const channel = `#other${this.world.next()}`;
    return { channel, room: this.world.room(channel) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#irc) client.close();
    await Promise.all(this.#jabber.map((client) => client.close()));
  }
}
