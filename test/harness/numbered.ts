/** A thousand numbered messages, and what became of them: lost, out of order, twice. */
import type { Element } from '../../src/xml/element.ts';
import type { IrcClient } from './irc-client.ts';
import { bodyOf } from './markup.ts';
import type { XmppClient } from './xmpp-client.ts';

export interface Tally {
  readonly lost: readonly number[];
  /** Numbers that came first behind a greater one; those in `exempt` don't count, their sender had to say them again. */
  readonly outOfOrder: readonly number[];
  readonly duplicates: number;
}

/** @param arrivals in the order in which they came, each conversation's view for itself */
export function tally(arrivals: readonly (readonly number[])[], total: number, exempt: ReadonlySet<number>): Tally {
  const seen = new Set<number>();
  const outOfOrder: number[] = [];
  let duplicates = 0;
  for (const view of arrivals) {
    let highest = 0;
    const here = new Set<number>();
    for (const number of view) {
      if (here.has(number)) duplicates += 1;
      else if (number < highest && !exempt.has(number)) outOfOrder.push(number);
      here.add(number);
      seen.add(number);
      if (!exempt.has(number)) highest = Math.max(highest, number);
    }
  }
  const lost = Array.from({ length: total }, (_, n) => n + 1).filter((number) => !seen.has(number));
  return { lost, outOfOrder, duplicates };
}

/** The numbers in lines like `xmpp 17` or `irc 17`. */
export function numbersIn(texts: readonly (string | undefined)[], word: 'xmpp' | 'irc'): readonly number[] {
  const pattern = new RegExp(`(?:^|:)${word} (\\d+)$`);
  return texts.flatMap((text) => {
    const match = text === undefined ? null : pattern.exec(text);
    return match === null ? [] : [Number(match[1])];
  });
}

/** Says its numbers in a room with a few unreflected at a time; what is refused or never reflected is sent again with the same id. */
export class JabberCounter {
  readonly refused = new Set<number>();
  /** Said again: some had been swallowed by a socket that died with its process. */
  readonly resaid = new Set<number>();
  resent = 0;
  #client: XmppClient;
  readonly #room: string;
  readonly #total: number;
  readonly #window: number;
  readonly #outstanding = new Set<number>();
  #next = 1;
  #read: number;
  #held = false;
  #progress = performance.now();

  constructor(client: XmppClient, room: string, total: number, window: number) {
    this.#client = client;
    this.#room = room;
    this.#total = total;
    this.#window = window;
    this.#read = client.inbox.all.length;
  }

  get done(): boolean {
    return this.#next > this.#total && this.#outstanding.size === 0;
  }

  get reflected(): number {
    return this.#next - 1 - this.#outstanding.size;
  }

  /** No more until `resume`. */
  hold(): void {
    this.#held = true;
  }

  /** Everything unreflected once more, oldest first; perhaps through a new client. */
  resume(client = this.#client): void {
    if (client !== this.#client) {
      this.#client = client;
      this.#read = 0;
    }
    this.#held = false;
    this.#progress = performance.now();
    this.#listen();
    for (const number of [...this.#outstanding].sort((a, b) => a - b)) {
      this.resent += 1;
      this.resaid.add(number);
      this.#say(number);
    }
  }

  /** Takes in what came and goes on, up to that number; after two silent seconds (or a refusal and one) it says again what is open. */
  tick(upTo: number): void {
    this.#listen();
    const last = Math.min(this.#total, upTo);
    const silence = performance.now() - this.#progress;
    const refusedSome = [...this.#outstanding].some((number) => this.refused.has(number));
    if (!this.#held && this.#outstanding.size > 0 && silence > (refusedSome ? 1_000 : 2_000)) this.resume();
    while (!this.#held && !refusedSome && this.#next <= last && this.#outstanding.size < this.#window) {
      this.#outstanding.add(this.#next);
      this.#say(this.#next);
      this.#next += 1;
    }
  }

  #listen(): void {
    const { all } = this.#client.inbox;
    for (; this.#read < all.length; this.#read++) this.#hear(all[this.#read]);
  }

  #hear(stanza: Element | undefined): void {
    const number = Number(/^xmpp-(\d+)$/.exec(stanza?.attrs.id ?? '')?.[1]);
    if (stanza?.name !== 'message' || Number.isNaN(number)) return;
    if (stanza.attrs.type === 'error') this.refused.add(number);
    else if (this.#outstanding.delete(number)) this.#progress = performance.now();
  }

  #say(number: number): void {
    this.#client.say(this.#room, `xmpp ${number}`, `xmpp-${number}`);
  }
}

/** Says its numbers on IRC, never more than a window ahead of what the other side has heard. */
export class IrcCounter {
  readonly resaid = new Set<number>();
  #client: IrcClient;
  readonly #channel: string;
  readonly #total: number;
  readonly #window: number;
  #said = 0;
  #held = false;

  constructor(client: IrcClient, channel: string, total: number, window: number) {
    this.#client = client;
    this.#channel = channel;
    this.#total = total;
    this.#window = window;
  }

  get said(): number {
    return this.#said;
  }

  hold(): void {
    this.#held = true;
  }

  resume(): void {
    this.#held = false;
  }

  /** From now on by that connection. */
  through(client: IrcClient): void {
    this.#client = client;
  }

  /** @param heard how many different numbers the other side has */
  tick(heard: number, upTo: number): void {
    const last = Math.min(this.#total, upTo);
    while (!this.#held && this.#said < last && this.#said - heard < this.#window) {
      this.#said += 1;
      this.#client.say(this.#channel, `irc ${this.#said}`);
    }
  }

  /** Says once more what nobody heard. */
  again(numbers: readonly number[]): void {
    for (const number of numbers) {
      this.resaid.add(number);
      this.#client.say(this.#channel, `irc ${number}`);
    }
  }
}

/** Bodies of groupchat lines, errors left out. */
export const linesOf = (stanzas: readonly Element[]): readonly (string | undefined)[] =>
  stanzas.filter((stanza) => stanza.name === 'message' && stanza.attrs.type === 'groupchat').map(bodyOf);
