/** Scenarios: transcripts with a name, written once and played against every arrangement of servers and processes. */
import { afterAll, beforeAll, beforeEach, describe, test } from 'vitest';
import type { IrcdName } from './ircd.ts';
import { showOnFailure } from './process.ts';
import { Stage } from './stage.ts';
import { type RealWorld, startWorld, type World, type WorldOptions } from './world.ts';

/** What a world is made of: an IRC server, an XMPP server (`memory`: that within the test's own process), and whether the gateway's domain is that one IRC server's. */
export type Trait = IrcdName | 'prosody' | 'ejabberd' | 'memory' | 'fixed';

/** @typeParam On what it is played on: IRC's stage, unless another network's is named. */
export interface Scenario<On = Stage> {
  /** What is claimed, with the ids of the checklist. */
  readonly name: string;
  readonly play: (stage: On) => Promise<void>;
  /** Where it can't be played, and why. */
  readonly not?: Partial<Record<Trait, string>>;
}

/** Played where the IRC server has what it takes, and nowhere else. */
export function only(where: readonly IrcdName[], why: string): Scenario['not'] {
  const all: readonly IrcdName[] = ['ngircd', 'inspircd', 'hybrid', 'services', 'modern', 'plain'];
  return Object.fromEntries(all.filter((name) => !where.includes(name)).map((name) => [name, why]));
}

export interface Theme<On = Stage> {
  readonly name: string;
  readonly scenarios: readonly Scenario<On>[];
}

/** Names one. */
export function scenario<On = Stage>(
  name: string,
  play: Scenario<On>['play'],
  not: Scenario['not'] = {},
): Scenario<On> {
  return { name, play, not };
}

/** Gathers some. */
export function theme<On = Stage>(name: string, scenarios: readonly Scenario<On>[]): Theme<On> {
  return { name, scenarios };
}

/** Registers all of them as tests in one world, started once; several play at a time, each on a stage of its own. */
export function playAll(title: string, options: WorldOptions, themes: readonly Theme[]): void {
  const traits: readonly Trait[] = [
    options.ircd,
    options.server ?? 'prosody',
    ...(options.isFixed === true ? (['fixed'] as const) : []),
  ];
  describe(title, () => playIn(useWorld(options), traits, themes));
}

/** Why it can't be played in a world of these; undefined: it can. */
export const reasonAgainst = ({ not }: Pick<Scenario, 'not'>, traits: readonly Trait[]): string | undefined =>
  traits.map((trait) => not?.[trait]).find((why) => why !== undefined);

/** Registers them in the world that the enclosing describe has, which is made of these. */
export function playIn(world: () => World, traits: readonly Trait[], themes: readonly Theme[]): void {
  playOn(() => new Stage(world()), traits, themes);
}

/** The same on stages of whichever network, each made for one of them. */
export function playOn<On extends AsyncDisposable>(
  newStage: () => On,
  traits: readonly Trait[],
  themes: readonly Theme<On>[],
): void {
  for (const { name, scenarios } of themes) {
    // Themes too play side by side: on a server that takes a second to let anybody in, the longest of each would add up else.
    describe.concurrent(name, () => {
      for (const one of scenarios) {
        const reason = reasonAgainst(one, traits);
        const label = reason === undefined ? one.name : `${one.name} (not here: ${reason})`;
        const run = reason === undefined ? test.concurrent : test.skip;
        run(label, async () => {
          await using stage = newStage();
          await one.play(stage);
        });
      }
    });
  }
}

/** A world for the tests of the enclosing describe; where one fails, what the servers said is printed with it. */
export function useWorld(options: WorldOptions): () => RealWorld {
  let world: RealWorld | undefined;
  const live = (): RealWorld => {
    if (world === undefined) throw new Error('the world did not start');
    return world;
  };
  beforeAll(async () => {
    world = await startWorld(options);
  });
  beforeEach(({ onTestFailed }) => {
    const { gateway, prosody } = live();
    showOnFailure(onTestFailed, ...gateway.members.map((member) => () => member.running), () => prosody.running);
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
  });
  return live;
}
