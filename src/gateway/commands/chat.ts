/** Commands by lines of chat, to the gateway or to a server: most clients on phones have no forms. The same runs as XEP-0050's, driven as a dialogue. */
import type { Scene } from '../../bridge/commands.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Catalogue } from './catalogue.ts';
import type { Offer } from './command.ts';
import { deedOf } from './deeds-of-operators.ts';
import { createDialogue, type Dialogue, type Said } from './dialogue.ts';
import { createOngoing, type Ongoing } from './ongoing.ts';
import { createRecent } from './recent.ts';
import type { Seat, Step } from './seat.ts';
import type { Texts } from './texts.ts';
import { readLine } from './words.ts';

/** Where a line was written, by whom, and what addresses in it mean. */
export interface ChatScene {
  /** Whose dialogue: the bare JID and the address that it writes to. */
  readonly key: string;
  /** The bare JID. */
  readonly owner: string;
  readonly at: Extract<Scene, 'gateway' | 'server'>;
  /** The server that was written to, where a domain has many. */
  readonly on?: string | undefined;
  /** What is no command of ours is for the network there, so that a field's name alone does not begin a line. */
  readonly isShared: boolean;
  readonly isAdmin: boolean;
  readonly asking: Step;
  readonly texts: Texts;
  /** What an error says, in that language where it is known. */
  worded(error: GatewayError): string;
  /** What stands first in the help. */
  readonly hello: string;
  /** An address of that kind, to show how one is written; undefined: none is understood here. */
  example(at: Exclude<Scene, 'gateway'>): string | undefined;
  /** The address of a server, to show how one is written; undefined: none has one, or this is one. */
  readonly server?: string | undefined;
  /** The seat at the address that was written to. */
  seat(offer: Offer): Seat;
  /** The seat at an address that was named in the line; undefined: it is none, or none of that kind. Throws where it may not be used. */
  seatAt(address: string, offer: Offer): Seat | undefined;
}

export interface Chat {
  /** What to answer; never empty. */
  hear(scene: ChatScene, text: string): Promise<string>;
}

interface Open {
  /** A bare JID. */
  readonly owner: string;
  readonly offer: Offer;
  readonly dialogue: Dialogue;
  readonly ongoing: Ongoing;
  readonly seat: Seat;
  /** The last line was a command's name, where any text is an answer: who writes it again means the answer. */
  doubted?: string | undefined;
}

const atOnce = 5_000;
/** Of one person, at as many addresses. */
const each = 50;
const waitsMs = 3_600_000;

export function createChat(catalogue: Catalogue, now: () => number): Chat {
  const dialogues = createRecent<Open>({
    ...{ atOnce, each, waitsMs, now },
    whose: ({ owner }) => owner,
    onGone: ({ ongoing }) => ongoing.abandon(),
  });

  const mayRun =
    (scene: ChatScene) =>
    (offer: Offer): boolean =>
      scene.isAdmin || offer.command.adminsOnly !== true;

  function help(scene: ChatScene, about: string): string {
    const { texts, hello, isAdmin, server } = scene;
    if (about !== '') return helpAbout(scene, about);
    const lines = new Map<string, string>();
    for (const { word, command } of understood(scene)) {
      if (!lines.has(word)) lines.set(word, texts.helpLine(word, command.help(texts)));
    }
    const hasMore = server !== undefined && catalogue.at('server', isAdmin).some(({ word }) => !lines.has(word));
    const more = hasMore ? [texts.helpServer(server)] : [];
    const address = scene.at === 'server' ? undefined : scene.example('room');
    const where = address === undefined ? [] : [texts.helpAddress(address)];
    return [hello, ...lines.values(), texts.helpForOne, ...more, ...where].join('\n');
  }

  /** What is for here, then what is for another address and needs no connection: a line may name that. */
  function understood({ at, isShared, isAdmin }: ChatScene): readonly Offer[] {
    const scenes = [at, ...(isShared ? (['room'] as const) : [])];
    const named = (['server', 'room', 'contact'] as const).flatMap((scene) => catalogue.at(scene, isAdmin));
    return [
      ...scenes.flatMap((scene) => catalogue.at(scene, isAdmin)),
      ...named.filter(({ command }) => command.anywhere === true),
    ];
  }

  function helpAbout(scene: ChatScene, word: string): string {
    const { texts } = scene;
    const offers = catalogue.named(word).filter(mayRun(scene));
    if (offers.length === 0) return texts.unknownCommand(word);
    const told = offers.map(({ command }) => `${command.title(texts)} – ${command.help(texts)}`);
    const where = whereElse(scene, word, offers);
    return [...new Set(told), ...(where === undefined ? [] : [where])].join('\n');
  }

  /**
   * With which address the word would be understood: that of a room, of a server or of a person, whichever it is for. undefined: no other than this one.
   * What is the same here as at a server needs none of one.
   */
  function whereElse(scene: ChatScene, word: string, offers: readonly Offer[]): string | undefined {
    const { at, texts } = scene;
    const isHere = offers.some((one) => one.at === at);
    const there = (['room', 'server', 'contact'] as const).find(
      (one) => one !== at && !(isHere && one === 'server') && offers.some((o) => o.at === one),
    );
    const address = there === undefined ? undefined : scene.example(there);
    return address === undefined ? undefined : texts.helpAddress(`${word} ${address}`);
  }

  /** Which of the commands of that name is meant, and where: an address behind it says so, else it is for here. */
  function meant(scene: ChatScene, word: string, rest: string): { offer: Offer; seat: Seat; rest: string } | string {
    const { texts, at } = scene;
    const offers = catalogue.named(word);
    if (offers.length === 0) return texts.unknownCommand(word);
    const { rest: behind } = readLine(rest);
    const [address = ''] = rest.split(/\s/, 1);
    for (const offer of offers) {
      const seat = address === '' || offer.at === at ? undefined : scene.seatAt(address, offer);
      if (seat === undefined) continue;
      if (!mayRun(scene)(offer)) return texts.forOperators;
      // The connection is that of the address that was written to.
      if (offer.command.anywhere === true || seat.here.on === scene.on) return { offer, seat, rest: behind };
      const isServer = seat.here.is === 'server';
      return texts.writeThere(serverOf(seat), isServer ? word : `${word} ${seat.jid}`);
    }
    const offer = offers.find((one) => one.at === at);
    if (offer === undefined) return whereElse(scene, word, offers) ?? texts.unknownCommand(word);
    return mayRun(scene)(offer) ? { offer, seat: scene.seat(offer), rest } : texts.forOperators;
  }

  /** @param verb stands before what is behind the command's word, where another word began the line: "unset nick" is of configure */
  async function start(scene: ChatScene, word: string, rest: string, verb = ''): Promise<string> {
    const found = meant(scene, word, rest);
    if (typeof found === 'string') return found;
    const { offer, seat } = found;
    const ongoing = createOngoing(() => offer.command.run(seat.here), seat.here.worded, deedOf(offer, seat.here));
    const prefix = scene.isShared ? 'set ' : '';
    const dialogue = createDialogue({ ongoing, texts: scene.texts, prefix });
    dialogues.put(scene.key, { owner: scene.owner, offer, dialogue, ongoing, seat });
    return went(scene, () => dialogue.begin(found.rest === '' ? '' : verb + found.rest));
  }

  /** What ends, and what breaks, is not carried on. */
  async function went(scene: ChatScene, step: () => Promise<Said>): Promise<string> {
    try {
      const { text, over } = await step();
      if (over) dialogues.end(scene.key);
      return text;
    } catch (error) {
      dialogues.end(scene.key);
      throw error;
    }
  }

  function withoutDialogue(scene: ChatScene, text: string): Promise<string> | string {
    const { word, rest } = readLine(text);
    const { texts } = scene;
    switch (word) {
      case 'help':
      case '?':
        return help(scene, rest.toLowerCase());
      case 'set':
      case 'unset':
      case 'add':
        return rest === '' ? texts.noForm : start(scene, 'configure', rest, `${word} `);
      case 'show':
      case 'done':
      case 'ok':
      case 'cancel':
        return texts.noForm;
      default:
        return catalogue.named(word).length > 0 ? start(scene, word, rest) : texts.unknown(shortened(text));
    }
  }

  async function hear(scene: ChatScene, text: string): Promise<string> {
    const { word, rest } = readLine(text);
    const open = dialogues.get(scene.key);
    if (open === undefined) return withoutDialogue(scene, text);
    const expected = catalogue.named(word).length === 0 || open.dialogue.expects(text);
    // Who is asked, and writes the whole command once more with what was asked for, does not mean its name.
    const isName = rest === '' || word === open.offer.word;
    const isDoubtful = expected === 'as any' && isName && open.doubted !== word;
    open.doubted = isDoubtful ? word : undefined;
    if (isDoubtful) return scene.texts.isCommand;
    if (!expected) {
      const dropped = open.dialogue.isTouched ? `${scene.texts.dropped}\n` : '';
      dialogues.end(scene.key);
      return dropped + (await withoutDialogue(scene, text));
    }
    // Whoever began it may not be one of the operators any more.
    if (!mayRun(scene)(open.offer)) {
      dialogues.end(scene.key);
      return scene.texts.forOperators;
    }
    open.seat.moveTo(scene.asking);
    return went(scene, () => open.dialogue.hear(text));
  }

  /** The last line of each dialogue that is being dealt with: the next waits for it. */
  const tails = new Map<string, Promise<unknown>>();

  return {
    async hear(scene, text) {
      const { key } = scene;
      const heard = (tails.get(key) ?? Promise.resolve()).then(() => hear(scene, text));
      const tail = heard.catch(() => undefined);
      tails.set(key, tail);
      try {
        return await heard;
      } catch (error) {
        if (error instanceof GatewayError) return scene.worded(error);
        throw error;
      } finally {
        if (tails.get(key) === tail) tails.delete(key);
      }
    },
  };
}

/** The address of the server that somebody or something is on. */
function serverOf({ here: { addresses, on }, jid }: Seat): string {
  const local = addresses.format({ is: 'service', ...(on !== undefined && { on }) });
  const domain = jid.slice(jid.lastIndexOf('@') + 1);
  return local === '' ? domain : `${local}@${domain}`;
}

const shortened = (text: string): string => {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
};
