/** A room of the fake network that is joined with a MUC of a service in memory, and who speaks there. */
import { expect } from 'vitest';
import type { MessageRef } from '../../src/core/ids.ts';
import { bodyOf, child, textOf } from '../harness/markup.ts';
import { createMemoryMuc } from '../harness/memory-muc.ts';
import type { MemoryMuc } from '../harness/memory-muc-port.ts';
import { domainName } from './gateway.ts';
import type { Client } from './server.ts';
import { type NetworkPerson, type Stage, type StageOptions, scenario, verona } from './stage.ts';

export const mucDomain = 'conference.test';
export const admins: StageOptions = { admins: ['admin@test'] };

/** The herald of #verona. */
export const herald = '#verona on the fake network';

/** Says it and takes the answer of the gateway. */
export async function asks(client: Client, text: string, to = domainName): Promise<string> {
  client.ignores();
  await client.sends(`<message type='chat' id='m' to='${to}'><body>${text}</body></message>`);
  return client.queue
    .filter(({ name, attrs }) => name === 'message' && attrs.from === to)
    .map((answer) => bodyOf(answer) ?? '')
    .join('\n');
}

/** What that client was told in a MUC since the last look: "nick: text". */
export const heard = (client: Client): readonly string[] =>
  client.queue.splice(0).flatMap(({ name, attrs, ...rest }) => {
    const text = bodyOf({ name, attrs, ...rest });
    return name === 'message' && attrs.type === 'groupchat' && text !== undefined
      ? [`${attrs.from?.slice((attrs.from.indexOf('/') + 1) | 0)}: ${text}`]
      : [];
  });

/** A message of a MUC, as far as scenarios look. */
export interface Told {
  readonly nick: string;
  readonly id: string | undefined;
  /** What the MUC's archive calls it. */
  readonly archived: string | undefined;
  readonly body: string | undefined;
  /** Which messages it is about. */
  readonly reply: string | undefined;
  readonly replace: string | undefined;
  readonly retract: string | undefined;
  readonly reactions: string | undefined;
}

/** The messages of MUCs that this client was told of since the last look. */
export const lines = (client: Client): readonly Told[] =>
  client.queue.splice(0).flatMap((stanza) => {
    const { name, attrs } = stanza;
    if (name !== 'message' || attrs.type !== 'groupchat') return [];
    const about = (what: string): string | undefined => child(stanza, what)?.attrs.id;
    return [
      {
        nick: attrs.from?.split('/')[1] ?? '',
        id: attrs.id,
        archived: about('stanza-id'),
        body: bodyOf(stanza),
        reply: about('reply'),
        replace: about('replace'),
        retract: about('retract'),
        reactions: about('reactions'),
      },
    ];
  });

/** The last message that somebody on the network heard: what the network calls it. */
export function refHeard({ events }: NetworkPerson): MessageRef {
  const last = events.findLast((event) => event.kind === 'message');
  if (last?.kind !== 'message') throw new Error('nothing was heard');
  return last.ref;
}

export class Plumbed {
  readonly stage: Stage;
  readonly muc: MemoryMuc;
  readonly admin: Client;
  /** The MUC's owner, who is in it. */
  readonly owner: Client;
  readonly room: string;

  constructor(stage: Stage, room = 'piazza') {
    this.stage = stage;
    this.muc =
      stage.server.muc ??
      createMemoryMuc({
        domain: mucDomain,
        now: () => stage.clock.now(),
        deliver: (stanza) => stage.server.fromMuc(stanza),
      });
    stage.server.muc = this.muc;
    this.admin = stage.client('admin', 'desk');
    this.owner = stage.client('owner', 'desk');
    this.room = this.muc.found(room, this.owner.bare);
  }

  /** The operator's command; resolves with the line that an owner has to say, or with the whole answer where there is none. */
  async asked(room = verona, muc = this.room): Promise<string> {
    const answer = await asks(this.admin, `plumb ${room} ${muc}`);
    return /plumb-[a-z0-9]+/.exec(answer)?.[0] ?? answer;
  }

  /** All of it: asked for, agreed to, done. */
  async joined(room = verona): Promise<void> {
    const token = await this.asked(room);
    await this.owner.joins(this.room, 'owner');
    await this.owner.says(this.room, token, token);
    await this.stage.calm();
    expect(heard(this.owner).at(-1)).toMatch(/is now joined with/);
    this.owner.ignores();
  }

  /** Somebody else comes into the MUC. */
  async guest(nick: string): Promise<Client> {
    const client = this.stage.client(nick, 'desk');
    await client.joins(this.room, nick);
    client.ignores();
    return client;
  }

  /** Little by little, so that what is asked is answered before its time is over. */
  async passes(seconds: number): Promise<void> {
    for (let left = seconds; left > 0; left -= 2) await this.stage.passes(Math.min(2, left));
  }

  /** The text of the errors and private messages that this one got. */
  told = (client: Client): readonly string[] =>
    client.queue
      .splice(0)
      .flatMap((stanza) =>
        stanza.name === 'message' && stanza.attrs.type !== 'groupchat'
          ? [bodyOf(stanza) ?? textOf(child(child(stanza, 'error'), 'text'))]
          : [],
      );
}

/** Registers a scenario with a plumbing that is made. */
export function plumbedScenario(
  name: string,
  play: (plumbed: Plumbed) => Promise<void>,
  options: StageOptions = {},
): void {
  scenario(
    name,
    async (stage) => {
      const plumbed = new Plumbed(stage);
      await plumbed.joined();
      await play(plumbed);
    },
    { ...admins, ...options },
  );
}
