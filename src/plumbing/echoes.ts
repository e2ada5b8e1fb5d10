/**
 * What comes round: where somebody else joins the same two rooms as well (another gateway, a bot), or others on a longer way, each line of one side comes back
 * from the other, with a name more before it or in a webhook's. Nobody can be asked whether they do that; it shows in the lines themselves.
 */

export type Side = 'room' | 'muc';

export interface Echoes {
  /**
   * Somebody says that there: is it to go to the other side? What repeats what was said is let through a few times.
   * @param isOurs by our own account, for whoever's name stands in front: they repeat nobody
   */
  mayPass(side: Side, nick: string, text: string, isOurs?: boolean): boolean;
}

export interface EchoesParts {
  now(): number;
  /** For the first time in ten minutes: somebody repeats what others say. */
  onLoop(nick: string): void;
}

interface Said {
  readonly at: number;
  readonly side: Side;
  /** Who said it lately. */
  readonly names: readonly string[];
  /** Who said it last with somebody's name before it. */
  readonly quote?: { readonly speaker: string; readonly name: string } | undefined;
  /** How often it went the other way than before, by whoever may be one of those who said it. */
  readonly turns: number;
}

const withinMs = 60_000;
const loopMs = 600_000;
/** So often somebody may repeat what another has said, name and all, for people quote; and so often the same words may go to and fro in akin names. */
const usually = { quotes: 3, turns: 8 };
/** Where a loop was found. */
const inLoop = { quotes: 0, turns: 1 };
const rememberedAtMost = 500;
const namesAtMost = 10;

const named = /^<([^<>\n]{1,100})> |^\* /;

/** The words without the names that bridges put before them; the innermost name. */
function bare(text: string): { readonly words: string; readonly name?: string } {
  const [line = ''] = text.split('\n', 1);
  let [words, name] = [line, undefined as string | undefined];
  for (let depth = 0; depth < 8; depth++) {
    const found = named.exec(words);
    if (found?.[1] === undefined) break;
    name = found[1];
    words = words.slice(found[0].length);
  }
  return { words, ...(name !== undefined && { name }) };
}

/** What comes round does so in the same names, or in some that grow. Crowds that vote or greet do not. */
const isAkin = (one: string, other: string): boolean => one.includes(other) || other.includes(one);

export function createEchoes({ now, onLoop }: EchoesParts): Echoes {
  const said = new Map<string, Said>();
  /** Who repeats: how often, and since when. */
  const quotes = new Map<string, { readonly at: number; readonly times: number }>();
  let loopUntil = 0;

  function trim(map: Map<string, unknown>): void {
    const [oldest] = map.keys();
    if (map.size > rememberedAtMost && oldest !== undefined) map.delete(oldest);
  }

  /** How often that one has repeated somebody. */
  function timesOf(speaker: string): number {
    const known = quotes.get(speaker);
    return known === undefined || known.at + loopMs < now() ? 0 : known.times;
  }

  function quoted(speaker: string): void {
    const times = timesOf(speaker) + 1;
    quotes.delete(speaker);
    quotes.set(speaker, { at: now(), times });
    trim(quotes);
  }

  function found(nick: string): void {
    const isNews = loopUntil < now();
    loopUntil = now() + loopMs;
    if (isNews) onLoop(nick);
  }

  return {
    mayPass(side, whoever, text, isOurs = false) {
      const { words, name: inFront } = bare(text);
      const [nick, name] = isOurs ? [inFront ?? whoever, undefined] : [whoever, inFront];
      const speaker = `${side} ${nick}`;
      const known = said.get(words);
      const fresh = known !== undefined && known.at + withinMs >= now() ? known : undefined;
      const isTurn = fresh !== undefined && fresh.side !== side && fresh.names.some((one) => isAkin(one, name ?? nick));
      const turns = (fresh?.turns ?? 0) + (isTurn ? 1 : 0);
      const quote = name === undefined ? fresh?.quote : { speaker, name };
      said.delete(words);
      said.set(words, { at: now(), side, turns, quote, names: [...(fresh?.names ?? []), nick].slice(-namesAtMost) });
      trim(said);
      if (name !== undefined && fresh?.names.some((one) => name.startsWith(one)) === true) quoted(speaker);
      // The echo may be here before what it repeats.
      if (name === undefined && fresh?.quote?.name.startsWith(nick) === true) quoted(fresh.quote.speaker);
      const most = loopUntil >= now() ? inLoop : usually;
      const isEcho = name !== undefined && timesOf(speaker) > most.quotes;
      if (!isEcho && turns <= most.turns) return true;
      found(nick);
      return false;
    },
  };
}
