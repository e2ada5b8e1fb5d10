/** kill -9 of the gateway while people talk both ways, by a bot and by webhooks: nothing is lost, nothing is said twice, nothing is out of order. */
import { describe, expect, test } from 'vitest';
import { type RealDiscordOptions, useRealDiscord } from '../harness/discord/real-world.ts';
import { type DiscordPlace, DiscordStage } from '../harness/discord/stage.ts';
import { hasEjabberd } from '../harness/ejabberd.ts';
import { bodyOf, child } from '../harness/markup.ts';
import { isWhole } from '../harness/matrix.ts';
import { JabberCounter, type Tally, tally } from '../harness/numbered.ts';
import { pause } from '../harness/process.ts';
import type { JabberPerson } from '../harness/stage.ts';

const total = 200;
/** Of a fifth of a second, on a machine that stood still meanwhile. */
const copiesAtMost = 60;
const limitMs = 180_000;

const numbersOf = (texts: readonly string[], word: string): readonly number[] =>
  texts.flatMap((text) => {
    const found = new RegExp(`(?:^| )${word} (\\d+)$`).exec(text);
    return found === null ? [] : [Number(found[1])];
  });

/** One room in which somebody on Jabber and somebody on Discord count. */
class Count {
  readonly stage: DiscordStage;
  readonly romeo: JabberPerson;
  readonly out: JabberCounter;
  #said = 0;

  constructor(stage: DiscordStage, romeo: JabberPerson) {
    this.stage = stage;
    this.romeo = romeo;
    this.out = new JabberCounter(romeo.client, stage.room, total, 20);
  }

  /** Neither gets far ahead of the other: what goes wrong is in the middle of both. */
  turn(): void {
    this.out.tick(total);
    if (this.#said < Math.min(total, this.out.reflected + 60))
      this.stage.scene.say(this.stage.tybalt, this.stage.where, `discord ${++this.#said}`);
  }

  get isThird(): boolean {
    return this.out.reflected > total / 3 && this.#said > total / 3;
  }

  get isDone(): boolean {
    return this.out.done && this.#said === total && new Set(this.#heard().map(({ number }) => number)).size === total;
  }

  /** What Romeo heard of Discord, with the room's name of each: what the gateway was not sure of comes again, under the same name. */
  #heard(): readonly { readonly number: number; readonly name: string }[] {
    return this.romeo.client
      .seen(`<message type='groupchat' from='${this.stage.room}/${this.stage.tybalt.nick}'><body/></message>`)
      .flatMap((one) =>
        numbersOf([bodyOf(one) ?? ''], 'discord').map((number) => ({
          number,
          name: child(one, 'stanza-id', 'urn:xmpp:sid:0')?.attrs.id ?? '',
        })),
      );
  }

  verdict(title: string): void {
    const there = tally(
      [numbersOf(this.stage.texts(), 'xmpp')],
      total,
      new Set([...this.out.refused, ...this.out.resaid]),
    );
    const named = new Map(this.#heard().map((one) => [one.name, one.number]));
    const here = tally([[...named.values()]], total, new Set());
    const line = (name: string, { lost, duplicates, outOfOrder }: Tally): string =>
      `  ${name}: said ${total}, lost ${lost.length}, twice ${duplicates}, out of order ${outOfOrder.length}`;
    console.info(
      `${title}\n${line('Jabber → Discord', there)}, said again ${this.out.resent}\n${line('Discord → Jabber', here)}`,
    );
    expect.soft(there).toEqual({ lost: [], duplicates: 0, outOfOrder: [] });
    // Copies here are what the kill took from the archive: a fifth of a second at most (src/design/archive-rows.md).
    expect.soft([here.lost, here.outOfOrder]).toEqual([[], []]);
    expect.soft(here.duplicates).toBeLessThan(copiesAtMost);
  }
}

/** Lets all of them talk until that is so, or for so long. */
async function talk(counts: readonly Count[], isOver: () => boolean, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while (!isOver() && performance.now() < end) {
    for (const count of counts) count.turn();
    await pause(10);
  }
}

async function counting(place: DiscordPlace): Promise<readonly Count[]> {
  const own = new DiscordStage(place);
  const shared = new DiscordStage(place);
  return [new Count(own, await own.alone()), new Count(shared, (await shared.cast()).romeo)];
}

const arrangements: readonly RealDiscordOptions[] = [
  { server: 'prosody', processes: 'one' },
  ...(isWhole() && hasEjabberd() ? [{ server: 'ejabberd', processes: 'split' } as const] : []),
];

describe.each(arrangements)('$server, $processes', (options) => {
  const world = useRealDiscord(options);

  test(
    '45-42 kill -9 in the middle of talk both ways: 0 lost, 0 out of order, nothing twice on Discord, by the bot and by webhooks',
    async () => {
      const { gateway } = world();
      const counts = await counting(world());
      const [own, shared] = counts;
      await talk(counts, () => counts.every(({ isThird }) => isThird), 60_000);
      let isBack = false;
      const restart = gateway
        .kill()
        .then(() => gateway.start())
        .finally(() => {
          isBack = true;
        });
      await talk(counts, () => isBack, 60_000);
      await restart;
      await talk(counts, () => counts.every(({ isDone }) => isDone), 60_000);
      own?.verdict('by the bot');
      shared?.verdict('by webhooks');
      for (const { stage } of counts) await stage[Symbol.asyncDispose]();
    },
    limitMs,
  );
});
