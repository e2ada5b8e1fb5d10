/**
 * Which worlds the scenarios are played in. `npm test` takes a sample in which every scenario meets each IRC server, and each XMPP server in one process and in several;
 * ISTHMUS_MATRIX=all (`npm run test:matrix`) takes them all.
 */
import type { IrcdName } from './ircd.ts';
import { playAll, type Theme } from './scenario.ts';
import type { WorldOptions } from './world.ts';

/** The servers that every scenario is played against. */
export const players = ['ngircd', 'inspircd', 'hybrid', 'modern'] as const satisfies readonly IrcdName[];
export type Player = (typeof players)[number];

export interface Arrangement {
  readonly ircd: Player;
  readonly server: 'prosody' | 'ejabberd';
  readonly processes: 'one' | 'split';
}

const servers = ['prosody', 'ejabberd'] as const;
const processes = ['one', 'split'] as const;

/** Every world. */
export const matrix: readonly Arrangement[] = players.flatMap((ircd) =>
  servers.flatMap((server) => processes.map((one) => ({ ircd, server, processes: one }))),
);

/** One world of each IRC server, each with another pair of XMPP server and processes: starting servers is what takes the time. */
export const sample: readonly Arrangement[] = [
  { ircd: 'ngircd', server: 'prosody', processes: 'one' },
  { ircd: 'inspircd', server: 'ejabberd', processes: 'split' },
  { ircd: 'hybrid', server: 'prosody', processes: 'split' },
  { ircd: 'modern', server: 'ejabberd', processes: 'one' },
];

const names = {
  ngircd: 'ngIRCd',
  inspircd: 'InspIRCd',
  hybrid: 'ircd-hybrid',
  modern: 'modern',
  prosody: 'Prosody',
  ejabberd: 'ejabberd',
  one: 'one process',
  split: 'an edge and two workers',
} as const;

/** What a world is called in the titles of its tests. */
export const titleOf = ({ ircd, server, processes: how }: Arrangement): string =>
  `${names[how]}, ${names[server]}, ${names[ircd]}`;

/** One of so many scenarios. @param first which of the first ones */
export function every<On>(step: number, themes: readonly Theme<On>[], first = 0): readonly Theme<On>[] {
  let count = 0;
  const shares = themes.map(({ name, scenarios }) => ({
    name,
    scenarios: scenarios.filter(() => count++ % step === first),
  }));
  return shares.filter(({ scenarios }) => scenarios.length > 0);
}

/** Is everything wanted, not a sample? */
export const isWhole = (): boolean => process.env.ISTHMUS_MATRIX === 'all';

/** Plays these themes in that world. */
export function playWorld(one: Arrangement, themes: readonly Theme[], more: Partial<WorldOptions> = {}): void {
  const roles: WorldOptions['roles'] = one.processes === 'one' ? ['all'] : ['edge', 'worker', 'worker'];
  playAll(titleOf(one), { ircd: one.ircd, server: one.server, roles, ...more }, themes);
}

/** Plays these themes in all the worlds of this IRC server that are wanted. */
export function playMatrix(ircd: Player, themes: readonly Theme[]): void {
  const worlds = isWhole() ? matrix : sample;
  for (const one of worlds.filter((arrangement) => arrangement.ircd === ircd)) playWorld(one, themes);
}
