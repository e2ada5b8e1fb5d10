/** Two people who talk in numbers while something goes wrong, and the account of what became of each number. */
import { expect } from 'vitest';
import { IrcCounter, JabberCounter, linesOf, numbersIn, type Tally, tally } from './numbered.ts';
import { pause, until } from './process.ts';
import type { IrcPerson, JabberPerson, Stage } from './stage.ts';

export interface TalkOptions {
  /** Messages each way. */
  readonly total: number;
  /** Of each, a second; absent: as fast as they are heard. */
  readonly perSecond?: number;
}

const window = 20;
/** How far Juliet is ahead of what Romeo has heard. */
export const ahead = 100;

/** Both conversations. */
export class Talk {
  readonly stage: Stage;
  readonly total: number;
  readonly romeo: JabberPerson;
  readonly out: JabberCounter;
  readonly in: IrcCounter;
  juliet: IrcPerson;
  readonly #perSecond: number;
  readonly #began = performance.now();
  /** What each of Romeo's clients has heard since it was in the room; what each of Juliet's heard. */
  readonly #views: (() => readonly number[])[] = [];
  readonly #atJuliet: (() => readonly number[])[] = [];
  #syncs = 0;

  private constructor(stage: Stage, romeo: JabberPerson, juliet: IrcPerson, { total, perSecond }: TalkOptions) {
    this.stage = stage;
    this.total = total;
    this.romeo = romeo;
    this.juliet = juliet;
    this.#perSecond = perSecond ?? Number.POSITIVE_INFINITY;
    this.out = new JabberCounter(romeo.client, stage.room, total, window);
    this.in = new IrcCounter(juliet.client, stage.channel, total, ahead);
    this.#views.push(() => numbersIn(linesOf(romeo.client.inbox.all), 'irc'));
    this.#listenAt(juliet);
  }

  static async begin(stage: Stage, options: TalkOptions): Promise<Talk> {
    const { romeo, juliet } = await stage.pair();
    return new Talk(stage, romeo, juliet, options);
  }

  /** The numbers that Romeo has heard. */
  heard(): ReadonlySet<number> {
    return new Set(this.#views.flatMap((view) => view()));
  }

  /** One turn of each; neither gets far ahead of the other, so that what goes wrong is in the middle of both. */
  turn(): void {
    const heard = this.heard().size;
    const due = ((performance.now() - this.#began) / 1_000) * this.#perSecond;
    this.out.tick(Math.min(heard + ahead, due));
    this.in.tick(heard, Math.min(this.out.reflected + 2 * ahead, due));
  }

  /** Lets both talk until the check is true. */
  async until(what: string, check: () => boolean, withinMs = 60_000): Promise<void> {
    const turned = (): boolean => {
      this.turn();
      return check();
    };
    await until(what, turned, withinMs);
  }

  /** Lets both talk while something is done. */
  async during(deed: () => Promise<void>): Promise<void> {
    let isOver = false;
    const done = deed().finally(() => {
      isOver = true;
    });
    while (!isOver) {
      this.turn();
      await pause(10);
    }
    await done;
  }

  /** A third of all: the middle of it. */
  async halfway(): Promise<void> {
    const third = this.total / 3;
    await this.until('a third of the messages', () => this.out.reflected > third && this.in.said > third);
  }

  /** Until both have said all, or that takes too long: the verdict tells then. */
  async finish(withinMs = 60_000): Promise<void> {
    await this.until('the end', () => this.isWhole, withinMs).catch(() => undefined);
  }

  /** Both have said all, and heard all. */
  get isWhole(): boolean {
    return this.out.done && this.heard().size === this.total;
  }

  /** Romeo's client is gone with its server: he logs in again and asks for what he missed. */
  async romeoReturns(): Promise<void> {
    const again = await this.romeo.another('romeo');
    const joined = await again.enters(this.stage.room, { history: `<history maxstanzas='500'/>` });
    const first = again.client.inbox.all.indexOf(joined.self);
    this.#views.push(() => numbersIn(linesOf(again.client.inbox.all.slice(first)), 'irc'));
    this.out.resume(again.client);
  }

  /** Juliet's client is gone with its server: she comes again. */
  async julietReturns(): Promise<void> {
    this.juliet = await this.stage.irc('juliet');
    await this.juliet.enters();
    this.#listenAt(this.juliet);
    this.in.through(this.juliet.client);
  }

  /**
   * The gateway's connection to the network was lost: what the server had written to it can't be known by anybody (DESIGN.md). When something she says is heard
   * again, Juliet says again what was not.
   */
  async julietRepeats(withinMs: number): Promise<void> {
    this.in.hold();
    const word = `sync ${++this.#syncs}`;
    const isHeard = (): boolean => this.romeo.client.inbox.all.some((stanza) => linesOf([stanza]).includes(word));
    let next = 0;
    const ask = (): boolean => {
      this.out.tick(this.total);
      if (performance.now() < next) return isHeard();
      next = performance.now() + 1_000;
      this.juliet.says(word);
      return isHeard();
    };
    await until('Romeo hears Juliet again', ask, withinMs);
    this.repeat();
    this.in.resume();
  }

  /** What Juliet said and Romeo has not heard, once more. */
  repeat(): void {
    const heard = this.heard();
    const said = Array.from({ length: this.in.said }, (_, n) => n + 1);
    this.in.again(said.filter((number) => !heard.has(number)));
  }

  /** Counts, prints and asserts: nothing is lost, nothing out of order. @param isSwallowed what was in the socket of a process that was killed was never accepted, and is said again late */
  async verdict(title: string, isSwallowed = false): Promise<void> {
    await this.juliet.client.roundtrip();
    const out = tally(
      this.#atJuliet.map((view) => view()),
      this.total,
      isSwallowed ? new Set([...this.out.refused, ...this.out.resaid]) : this.out.refused,
    );
    const incoming = tally(
      this.#views.map((view) => view()),
      this.total,
      this.in.resaid,
    );
    const line = (name: string, { lost, outOfOrder, duplicates }: Tally): string =>
      `  ${name}: said ${this.total}, lost ${lost.length}, out of order ${outOfOrder.length}, duplicates ${duplicates}`;
    console.info(
      `${title}\n${line('Jabber → IRC', out)}, sent again ${this.out.resent}, refused ${this.out.refused.size}\n${line('IRC → Jabber', incoming)}, said again ${this.in.resaid.size}`,
    );
    expect.soft(out.lost).toEqual([]);
    expect.soft(out.outOfOrder).toEqual([]);
    expect.soft(incoming.lost).toEqual([]);
    expect.soft(incoming.outOfOrder).toEqual([]);
  }

  #listenAt({ client }: IrcPerson): void {
    this.#atJuliet.push(() =>
      numbersIn(
        client.inbox.all.filter((line) => line.includes(' PRIVMSG ')),
        'xmpp',
      ),
    );
  }
}
