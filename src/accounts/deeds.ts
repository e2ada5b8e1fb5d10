/**
 * What users do to messages: correct, retract, react, answer. Names become the network's when it is tried (DESIGN.md §1.4): what is on its way just now is
 * waited for, what the face has forgotten is looked up in the archive, and what the network lacks is said in words (core/degrade.ts).
 */
import type { Attempt, Session } from '../bridge/contract.ts';
import type { Content } from '../core/content.ts';
import { editInWords, quotedInWords, reactionInWords, replyInWords } from '../core/degrade.ts';
import { GatewayError } from '../core/errors.ts';
import type { NetworkEvent } from '../core/event.ts';
import type { ChatId, DeliveryKey, MessageRef, StanzaRef } from '../core/ids.ts';
import type { DurableIntent } from '../core/intent.ts';
import { createPassing } from '../core/passing.ts';
import type { Taken } from '../delivery/lanes.ts';
import type { Face } from '../gateway/face.ts';
import { placeName } from '../gateway/labels.ts';
import { mustBeTaken } from '../gateway/reaction-limits.ts';
import type { Known } from '../gateway/refs.ts';
import { ambiguous } from '../gateway/speakers.ts';
import type { AccountRow, ArchiveName } from '../storage/ports.ts';
import { respokenIn, spokenIn } from './puppets.ts';
import { createUploading, type Uploading } from './uploading.ts';
import type { AccountWorld } from './world.ts';

type Ask<Kind extends DurableIntent['kind']> = Taken & { readonly intent: Extract<DurableIntent, { kind: Kind }> };
type Tried = Pick<Taken, 'key' | 'origin'>;
type Facts = { readonly at: number; readonly text?: string; readonly refs: readonly MessageRef[] };

export interface Deeds {
  /** A message is being tried: what names it waits for it. */
  trying(taken: Tried): void;
  /** That attempt has ended; `error`: what it threw. */
  landed(taken: Tried, error?: unknown): void;
  /** The content as the session gets it. A promise only where something has to be asked. */
  content(chat: ChatId, content: Content<StanzaRef>, session: Session): Named | Promise<Named>;
  edit(taken: Ask<'edit'>, session: Session, to: Attempt): Promise<Facts>;
  retract(taken: Ask<'retract'>, session: Session, to: Attempt): Promise<void>;
  react(taken: Ask<'react'>, session: Session, to: Attempt): Promise<void>;
  /** A message was taken back on the network, whoever did it: what we keep of it beside the archive goes too. */
  takenBack(event: Extract<NetworkEvent, { kind: 'retracted' }>): void;
  /** The message that a client names, wherever it is known; undefined: it is not. */
  find(chat: ChatId, target: StanzaRef): Promise<Known | undefined>;
  /** An event is about something, or answers something, that the face has forgotten: resolves when it was looked for; undefined: there is nothing to look for. Never rejects. */
  recall(event: NetworkEvent): Promise<void> | undefined;
}

/** An attempt in flight, and who waits for its end. */
interface Flight {
  readonly key: DeliveryKey;
  end: PromiseWithResolvers<void> | undefined;
}

/** `standsIn`: it says in words what the network has no other way to say. */
export interface Named {
  readonly content: Content;
  readonly standsIn: boolean;
}

const forgotten = 'This message is too old, or was never seen here';
const unnamed = (): GatewayError =>
  new GatewayError('network-cannot', {
    text: 'The network has given this message no name: it can’t be taken back there',
  });
const stays = (where: string, wasLong: boolean): GatewayError => {
  const what = wasLong ? 'how the message begins; the link behind it leads nowhere any more' : 'the message';
  return new GatewayError('network-cannot', {
    text: `Nothing can be taken back on ${where}: everybody there can still read ${what}`,
  });
};

/** For one account. */
export const createDeeds = (row: AccountRow, face: Face, world: AccountWorld): Deeds => new Doing(row, face, world);

/** An object of a class: each account has one, and every message that its owner sends goes by it. */
class Doing implements Deeds {
  readonly #row: AccountRow;
  readonly #face: Face;
  readonly #world: AccountWorld;
  readonly #uploading: Uploading;
  /** By the ids that clients may name them by. */
  readonly #flying = createPassing<Flight>();
  /** Made with the first event that is about something forgotten. */
  #recalled: WeakMap<NetworkEvent, Promise<void>> | undefined;

  constructor(row: AccountRow, face: Face, world: AccountWorld) {
    this.#row = row;
    this.#face = face;
    this.#world = world;
    this.#uploading = createUploading(row, world);
  }

  trying({ key, origin: { stanzaId, originId } }: Tried): void {
    const flight: Flight = { key, end: undefined };
    if (stanzaId !== undefined) this.#flying.set(stanzaId, flight);
    if (originId !== undefined && originId !== stanzaId) this.#flying.set(originId, flight);
  }

  landed({ key, origin: { stanzaId, originId } }: Tried, error?: unknown): void {
    this.#land(stanzaId, key, error);
    if (originId !== stanzaId) this.#land(originId, key, error);
  }

  content(chat: ChatId, content: Content<StanzaRef>, session: Session): Named | Promise<Named> {
    const { replyTo } = content;
    const known = replyTo === undefined ? undefined : this.#face.find(chat, replyTo);
    if (replyTo === undefined || known !== undefined) return this.#named(content, known, session, chat);
    return this.find(chat, replyTo).then((found) => this.#named(content, found, session, chat));
  }

  async edit({ intent, key, origin }: Ask<'edit'>, session: Session, to: Attempt): Promise<Facts> {
    const { chat, target } = intent;
    const known = await this.find(chat, target);
    this.#face.mustBeTheirs({ intent, origin }, known);
    if (known?.author !== undefined) await this.#mustBeAlone(chat, known, known.author);
    if (known?.isMine === false) {
      throw new GatewayError('not-permitted', { text: 'Only your own messages can be corrected' });
    }
    const { replyTo } = intent.content;
    const { content } = this.#named(intent.content, replyTo && (await this.find(chat, replyTo)), session, chat);
    const [ref] = known?.refs ?? [];
    const author = this.#face.authorOf(origin);
    const message = { chat, key, author, id: known?.id ?? target.stanzaId, whole: content.text?.plain };
    const { editWindowMs = Number.POSITIVE_INFINITY } = session.limits(chat);
    const isOld = known !== undefined && this.#world.clock.now() - known.at > editWindowMs;
    if (session.edits !== undefined && ref !== undefined && !isOld) {
      this.#face.sending(key, intent, origin);
      const spoken = respokenIn(content, session);
      return session.edits.edit(ref, await this.#uploading.fitted(spoken, session, message), to, known?.refs.slice(1));
    }
    this.#face.sending(key, intent, origin, true);
    if (known !== undefined && isSame(known, intent.content)) return { at: this.#world.clock.now(), refs: [] };
    const old = known === undefined || known === this.#face.lastOwn(chat) ? undefined : known;
    const spoken = spokenIn(chat, editInWords(content, old), session);
    return session.send(await this.#uploading.fitted(spoken, session, message), to);
  }

  async retract({ intent, key, origin }: Ask<'retract'>, session: Session, to: Attempt): Promise<void> {
    const { chat } = intent;
    if (session.retractions === undefined) throw await this.#keptElsewhere({ intent, origin });
    const known = await this.#mustFind(chat, intent.target);
    this.#face.mustBeTheirs({ intent, origin }, known);
    if (intent.moderates !== true && !known.isMine) {
      throw new GatewayError('not-permitted', { text: 'Only your own messages can be retracted' });
    }
    if (known.refs.length === 0) throw unnamed();
    this.#face.sending(key, intent, origin);
    for (const ref of known.refs) await session.retractions.retract(ref, intent.reason, to);
    if (known.isMine) await this.#uploading.forget(chat, known);
  }

  takenBack({ chat, target }: Extract<NetworkEvent, { kind: 'retracted' }>): void {
    const known = this.#face.named(chat, target);
    if (known?.isMine === true) this.#uploading.forget(chat, known).catch(this.#world.ignore);
  }

  async react(taken: Ask<'react'>, session: Session, to: Attempt): Promise<void> {
    const { chat, target, emoji } = taken.intent;
    if (session.reactions !== undefined) mustBeTaken(session, chat, emoji);
    const known = await this.#mustFind(chat, target);
    this.#face.sending(taken.key, taken.intent, taken.origin, true);
    await this.#react(taken, known, session, to);
  }

  recall(event: NetworkEvent): Promise<void> | undefined {
    const meant = meantIn(event);
    if (meant === undefined || meant.refs.every((ref) => this.#face.named(meant.chat, ref) !== undefined))
      return undefined;
    this.#recalled ??= new WeakMap();
    let recalling = this.#recalled.get(event);
    if (recalling === undefined) {
      recalling = this.#recall(meant);
      this.#recalled.set(event, recalling);
    }
    return recalling;
  }

  async #recall({ chat, refs }: Meant): Promise<void> {
    try {
      for (const ref of refs) if (this.#face.named(chat, ref) === undefined) await this.#learnt(chat, [{ ref }]);
    } catch (error) {
      this.#world.log.error({ account: this.#row.id, error }, 'the archive could not be searched');
    }
  }

  #isDirect(chat: ChatId): boolean {
    return !this.#face.hasRoom(chat);
  }

  /** Rejects where that message has to be tried again: so has what names it. */
  async #landed({ stanzaId }: StanzaRef): Promise<void> {
    const flight = this.#flying.get(stanzaId);
    if (flight === undefined) return;
    flight.end ??= Promise.withResolvers<void>();
    try {
      await flight.end.promise;
    } catch (error) {
      if (!(error instanceof GatewayError) || error.next === 'later') throw error;
      throw new GatewayError('no-such-message', { text: 'That message was not delivered', cause: error });
    }
  }

  #land(id: string | undefined, key: DeliveryKey, error: unknown): void {
    const flight = id === undefined ? undefined : this.#flying.get(id);
    if (id === undefined || flight?.key !== key) return;
    this.#flying.delete(id);
    if (error === undefined) flight.end?.resolve();
    else flight.end?.reject(error);
  }

  async #learnt(chat: ChatId, namings: readonly ArchiveName[]): Promise<Known | undefined> {
    const { archive } = this.#world;
    const account = this.#row.id;
    for (const naming of namings) {
      const found = await archive.find(account, chat, naming);
      const isEdit = found?.kind === 'edit' && found.about !== undefined;
      const first = isEdit ? await archive.find(account, chat, { id: found.about }) : found;
      const known =
        first === undefined ? undefined : this.#face.learn(first, await archive.about(account, chat, first.id));
      if (known !== undefined) return known;
    }
    return undefined;
  }

  async find(chat: ChatId, target: StanzaRef): Promise<Known | undefined> {
    await this.#landed(target);
    const { stanzaId } = target;
    return this.#face.find(chat, target) ?? (await this.#learnt(chat, [{ id: stanzaId }, { stanza: stanzaId }]));
  }

  async #mustFind(chat: ChatId, target: StanzaRef): Promise<Known> {
    const known = await this.find(chat, target);
    if (known === undefined || known.isRetracted) throw new GatewayError('no-such-message', { text: forgotten });
    return known;
  }

  /** No other speaker's message has its id, as far as clients may look back: the face remembers the last ones, and none of before a restart. */
  async #mustBeAlone(chat: ChatId, { id }: Known, author: string): Promise<void> {
    if ((await this.#world.archive.find(this.#row.id, chat, { stanza: id, notOf: author })) !== undefined)
      throw ambiguous();
  }

  #named(content: Content<StanzaRef>, known: Known | undefined, session: Session, chat: ChatId): Named {
    if (content.replyTo === undefined) return { content: content as Content<never>, standsIn: false };
    const { replyTo, ...rest } = content;
    const [ref] = known?.refs ?? [];
    const named = ref !== undefined && session.replies?.canName(ref, chat) === true ? { replyTo: ref } : {};
    if ('replyTo' in named && session.replies?.inWordsToo !== true)
      return { content: { ...rest, ...named }, standsIn: true };
    if (known === undefined && replyTo.fallback !== undefined) {
      return { content: quotedInWords(content, replyTo.fallback), standsIn: true };
    }
    const isSpared = this.#isDirect(chat) || (known?.isMine === true && !isAnothers(known, content));
    const nick = isSpared ? undefined : (known?.nick ?? replyTo.nick);
    const said = nick === undefined ? rest : replyInWords(content, nick);
    return { content: { ...said, ...named }, standsIn: true };
  }

  /** What the network can't take back we can at least of what lies with us. */
  async #keptElsewhere(taken: Pick<Ask<'retract'>, 'intent' | 'origin'>): Promise<GatewayError> {
    const { chat, target } = taken.intent;
    const known = await this.find(chat, target);
    this.#face.mustBeTheirs(taken, known);
    const wasLong = known?.isMine === true && (await this.#uploading.forget(chat, known));
    return stays(placeName(this.#row.on, this.#row.domain), wasLong);
  }

  async #react({ intent }: Ask<'react'>, known: Known, session: Session, to: Attempt): Promise<void> {
    const { chat, emoji } = intent;
    const before = known.reactions?.get(session.me) ?? [];
    const [ref] = known.refs;
    if (ref !== undefined && session.reactions !== undefined) {
      try {
        await session.reactions.react(ref, emoji, to, before);
        return;
      } catch (error) {
        if (!(error instanceof GatewayError) || error.code !== 'network-cannot') throw error;
      }
    }
    const fresh = emoji.filter((one) => !before.includes(one) && known.told?.has(one) !== true);
    if (fresh.length === 0) return;
    await session.send(reactionInWords(fresh, known, this.#isDirect(chat)), to);
    known.told ??= new Set();
    for (const one of fresh) known.told.add(one);
  }
}

/** Messages that an event is about. */
interface Meant {
  readonly chat: ChatId;
  readonly refs: readonly MessageRef[];
}

/** What it does something to, and what it answers. Our own that comes back was named when it was tried. */
function meantIn(event: NetworkEvent): Meant | undefined {
  const { replyTo } =
    event.kind === 'edited' || (event.kind === 'message' && event.sentBy === undefined) ? event.content : {};
  const answered = replyTo === undefined ? [] : [replyTo];
  if ('target' in event) return { chat: event.chat, refs: [event.target, ...answered] };
  return 'chat' in event && answered.length > 0 ? { chat: event.chat, refs: answered } : undefined;
}

/** Is it somebody else for whom the account spoke then? */
const isAnothers = ({ nick, from }: Known, { author }: Content<StanzaRef>): boolean =>
  nick !== author?.nick && !from.endsWith(`/${nick}`);

/** Would people see no difference? */
function isSame(known: Known, { text, action, files }: Content<StanzaRef>): boolean {
  if (files !== undefined || text === undefined) return false;
  const shown = action === true ? `/me ${text.plain}` : text.plain;
  return shown === known.text;
}
