/** What people of the network say to a shared account about whom they wish to talk with: "talk JID" and "stop" (src/design/shared-accounts.md). Everything else is what they say. */
import type { Addresses, Session } from '../bridge/contract.ts';
import type { MessageEvent, NetworkEvent } from '../core/event.ts';
import type { ChatId } from '../core/ids.ts';
import type { SettingsChange } from '../core/settings.ts';
import { type Texts, textsFor } from '../gateway/commands/texts.ts';
import { isShared } from '../gateway/labels.ts';
import {
  mayTalk,
  type Said,
  saidOfTalks,
  talkerIn,
  tellThem,
  toldHere,
  unwished,
  wishedIn,
  wordsThere,
} from '../gateway/talks.ts';
import type { AccountRow } from '../storage/ports.ts';
import type { LeasedWorld } from './world.ts';

export interface TalksParts {
  readonly addresses: Addresses;
  session(): Session | undefined;
  /** The account ends. */
  readonly signal: AbortSignal;
}

export interface Talks {
  /** It was about whom they talk with, and is seen to: nobody reads it. */
  takes(event: NetworkEvent): boolean;
  /** The same, and what came of it is no concern: it was said while nobody listened, or has been seen to before. */
  isPassedOver(event: NetworkEvent): boolean;
}

type World = Pick<LeasedWorld, 'domain' | 'wishes' | 'preferences' | 'admits' | 'send' | 'clock' | 'log'>;

/** Somebody here is told so often that the same person wishes to talk. */
const againMs = 3_600_000;
const patienceMs = 30_000;

/** Of accounts that one person has for themselves. */
const noTalks: Talks = { isPassedOver: () => false, takes: () => false };

/** For one account. */
export function createTalks(row: AccountRow, world: World, { addresses, session, signal }: TalksParts): Talks {
  if (!isShared(row.on)) return noTalks;
  const { clock } = world;
  const place = (chat: ChatId) => ({ level: 'room', chat, ...(row.on !== undefined && { on: row.on }) }) as const;
  const change = (chat: ChatId, what: SettingsChange): Promise<void> =>
    world.preferences.change(row.owner, place(chat), what);

  async function answer(chat: ChatId, text: string): Promise<void> {
    const live = session();
    if (live === undefined) return;
    const late = new AbortController();
    const cancel = clock.after(patienceMs, () => late.abort());
    await tellThem(live, chat, text, clock.now(), AbortSignal.any([signal, late.signal])).finally(cancel);
  }

  /** In the language of what they last asked. */
  async function tellHere(chat: ChatId, jid: string, say: (texts: Texts) => string): Promise<void> {
    const texts = textsFor(await world.preferences.language(jid).catch(() => undefined));
    const from = { account: row, addresses, domain: world.domain };
    world.send([toldHere(from, chat, jid, say(texts), texts.language)]);
  }

  async function talk({ chat, nick }: MessageEvent, { named, jid }: Extract<Said, { is: 'talk' }>): Promise<void> {
    const settings = world.wishes.inRoom(chat);
    const isKnown = jid !== undefined && jid !== row.owner && world.admits(row, jid) && mayTalk(settings);
    if (!isKnown) return answer(chat, wordsThere.nobody(named));
    const { here, toldAt } = wishedIn(settings);
    const before = talkerIn(settings);
    if (before === jid) return answer(chat, wordsThere.agreed(jid));
    const agrees = here === jid;
    const isTold = agrees || clock.now() - toldAt >= againMs;
    await change(chat, { talk_there: jid, ...(isTold && { talk_told: `${clock.now()}` }) });
    if (before !== undefined) await tellHere(chat, before, (texts) => texts.talkMoved(nick));
    if (agrees) await tellHere(chat, jid, (texts) => texts.talkAgrees(nick));
    else if (isTold) await tellHere(chat, jid, (texts) => texts.talkWished(nick));
    await answer(chat, agrees ? wordsThere.agreed(jid) : wordsThere.asked(jid));
  }

  async function stop({ chat, nick }: MessageEvent): Promise<void> {
    const before = talkerIn(world.wishes.inRoom(chat));
    await change(chat, unwished);
    if (before !== undefined) await tellHere(chat, before, (texts) => texts.talkEnded(nick));
    await answer(chat, before === undefined ? wordsThere.none : wordsThere.ended(before));
  }

  function readIn(event: NetworkEvent): { readonly message: MessageEvent; readonly said: Said } | undefined {
    if (event.kind !== 'message' || event.direct !== true) return undefined;
    if (event.sentBy !== undefined || String(event.by) !== String(event.chat)) return undefined;
    const said = saidOfTalks(event.content.text?.plain ?? '');
    return said && { message: event, said };
  }

  return {
    isPassedOver: (event) => readIn(event) !== undefined,
    takes(event) {
      const { message, said } = readIn(event) ?? {};
      if (message === undefined || said === undefined) return false;
      const doing = said.is === 'talk' ? talk(message, said) : stop(message);
      doing.catch((error: unknown) =>
        world.log.warn({ account: row.id, err: error }, 'a wish to talk could not be seen to'),
      );
      return true;
    },
  };
}
