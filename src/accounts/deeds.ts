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
import { mustBeTaken } from '../gateway/reaction-limits.ts';
import type { Known } from '../gateway/refs.ts';
import { ambiguous } from '../gateway/speakers.ts';
import type { AccountRow, ArchiveName } from '../storage/ports.ts';
import { respokenIn, spokenIn } from './puppets.ts';
import { createUploading } from './uploading.ts';
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
  /** An event is about something that the face has forgotten: resolves when it was looked for; undefined: there is nothing to look for. */
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
export function createDeeds(row: AccountRow, face: Face, world: AccountWorld): Deeds {
  /** By the ids that clients may name them by. */
  const flying = createPassing<Flight>();
  const { archive } = world;
  const isDirect = (chat: ChatId): boolean => !face.hasRoom(chat);
  const uploading = createUploading(row, world);

  /** Rejects where that message has to be tried again: so has what names it. */
  async function landed({ stanzaId }: StanzaRef): Promise<void> {
    const flight = flying.get(stanzaId);
    if (flight === undefined) return;
    flight.end ??= Promise.withResolvers<void>();
    try {
      await flight.end.promise;
    } catch (error) {
      if (!(error instanceof GatewayError) || error.next === 'later') throw error;
      throw new GatewayError('no-such-message', { text: 'That message was not delivered', cause: error });
    }
  }

  function land(id: string | undefined, key: DeliveryKey, error: unknown): void {
    const flight = id === undefined ? undefined : flying.get(id);
    if (id === undefined || flight?.key !== key) return;
    flying.delete(id);
    if (error === undefined) flight.end?.resolve();
    else flight.end?.reject(error);
  }

  async function learnt(chat: ChatId, namings: readonly ArchiveName[]): Promise<Known | undefined> {
    for (const naming of namings) {
      const found = await archive.find(row.id, chat, naming);
      const isEdit = found?.kind === 'edit' && found.about !== undefined;
      const first = isEdit ? await archive.find(row.id, chat, { id: found.about }) : found;
      const known = first === undefined ? undefined : face.learn(first);
      if (known !== undefined) return known;
    }
    return undefined;
  }

  async function find(chat: ChatId, target: StanzaRef): Promise<Known | undefined> {
    await landed(target);
    const { stanzaId } = target;
    return face.find(chat, target) ?? (await learnt(chat, [{ id: stanzaId }, { stanza: stanzaId }]));
  }

  async function mustFind(chat: ChatId, target: StanzaRef): Promise<Known> {
    const known = await find(chat, target);
    if (known === undefined || known.isRetracted) throw new GatewayError('no-such-message', { text: forgotten });
    return known;
  }

  /** No other speaker's message has its id, as far as clients may look back: the face remembers the last ones, and none of before a restart. */
  async function mustBeAlone(chat: ChatId, { id }: Known, author: string): Promise<void> {
    if ((await archive.find(row.id, chat, { stanza: id, notOf: author })) !== undefined) throw ambiguous();
  }

  function named(content: Content<StanzaRef>, known: Known | undefined, session: Session, chat: ChatId): Named {
    if (content.replyTo === undefined) return { content: content as Content<never>, standsIn: false };
    const { replyTo, ...rest } = content;
    const [ref] = known?.refs ?? [];
    const named = ref !== undefined && session.replies?.canName(ref) === true ? { replyTo: ref } : {};
    if ('replyTo' in named && session.replies?.inWordsToo !== true)
      return { content: { ...rest, ...named }, standsIn: true };
    if (known === undefined && replyTo.fallback !== undefined) {
      return { content: quotedInWords(content, replyTo.fallback), standsIn: true };
    }
    const isSpared = known?.isMine === true || isDirect(chat);
    const nick = isSpared ? undefined : (known?.nick ?? replyTo.nick);
    const said = nick === undefined ? rest : replyInWords(content, nick);
    return { content: { ...said, ...named }, standsIn: true };
  }

  /** What the network can't take back we can at least of what lies with us. */
  async function keptElsewhere(taken: Pick<Ask<'retract'>, 'intent' | 'origin'>): Promise<GatewayError> {
    const { chat, target } = taken.intent;
    const known = await find(chat, target);
    face.mustBeTheirs(taken, known);
    const wasLong = known?.isMine === true && (await uploading.forget(chat, known));
    return stays(row.on ?? row.domain, wasLong);
  }

  async function react({ intent }: Ask<'react'>, session: Session, to: Attempt): Promise<void> {
    const { chat, target, emoji } = intent;
    if (session.reactions !== undefined) mustBeTaken(session, chat, emoji);
    const known = await mustFind(chat, target);
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
    await session.send(reactionInWords(fresh, known, isDirect(chat)), to);
    known.told ??= new Set();
    for (const one of fresh) known.told.add(one);
  }

  return {
    trying({ key, origin: { stanzaId, originId } }) {
      const flight: Flight = { key, end: undefined };
      if (stanzaId !== undefined) flying.set(stanzaId, flight);
      if (originId !== undefined && originId !== stanzaId) flying.set(originId, flight);
    },
    landed({ key, origin: { stanzaId, originId } }, error) {
      land(stanzaId, key, error);
      if (originId !== stanzaId) land(originId, key, error);
    },
    content(chat, content, session) {
      const { replyTo } = content;
      const known = replyTo === undefined ? undefined : face.find(chat, replyTo);
      if (replyTo === undefined || known !== undefined) return named(content, known, session, chat);
      return find(chat, replyTo).then((found) => named(content, found, session, chat));
    },
    async edit({ intent, key, origin }, session, to) {
      const { chat, target } = intent;
      const known = await find(chat, target);
      face.mustBeTheirs({ intent, origin }, known);
      if (known?.author !== undefined) await mustBeAlone(chat, known, known.author);
      if (known?.isMine === false) {
        throw new GatewayError('not-permitted', { text: 'Only your own messages can be corrected' });
      }
      const { replyTo } = intent.content;
      const { content } = named(intent.content, replyTo && (await find(chat, replyTo)), session, chat);
      const [ref] = known?.refs ?? [];
      const author = face.authorOf(origin);
      const message = { chat, key, author, id: known?.id ?? target.stanzaId, whole: content.text?.plain };
      const { editWindowMs = Number.POSITIVE_INFINITY } = session.limits(chat);
      const isOld = known !== undefined && world.clock.now() - known.at > editWindowMs;
      if (session.edits !== undefined && ref !== undefined && !isOld) {
        face.sending(key, intent, origin);
        const spoken = respokenIn(content, session);
        return session.edits.edit(ref, await uploading.fitted(spoken, session, message), to, known?.refs.slice(1));
      }
      face.sending(key, intent, origin, true);
      if (known !== undefined && isSame(known, intent.content)) return { at: world.clock.now(), refs: [] };
      const old = known === undefined || known === face.lastOwn(chat) ? undefined : known;
      const spoken = spokenIn(chat, editInWords(content, old), session);
      return session.send(await uploading.fitted(spoken, session, message), to);
    },
    async retract({ intent, key, origin }, session, to) {
      const { chat } = intent;
      if (session.retractions === undefined) throw await keptElsewhere({ intent, origin });
      const known = await mustFind(chat, intent.target);
      face.mustBeTheirs({ intent, origin }, known);
      if (intent.moderates !== true && !known.isMine) {
        throw new GatewayError('not-permitted', { text: 'Only your own messages can be retracted' });
      }
      if (known.refs.length === 0) throw unnamed();
      face.sending(key, intent, origin);
      for (const ref of known.refs) await session.retractions.retract(ref, intent.reason, to);
      if (known.isMine) await uploading.forget(chat, known);
    },
    takenBack({ chat, target }) {
      const known = face.named(chat, target);
      if (known?.isMine === true) uploading.forget(chat, known).catch(world.ignore);
    },
    async react(taken, session, to) {
      face.sending(taken.key, taken.intent, taken.origin, true);
      await react(taken, session, to);
    },
    recall(event) {
      if (!('target' in event)) return undefined;
      const { chat, target } = event;
      if (face.named(chat, target) !== undefined) return undefined;
      return learnt(chat, [{ ref: target }]).then(
        () => undefined,
        (error: unknown) => world.log.error({ account: row.id, error }, 'the archive could not be searched'),
      );
    },
  };
}

/** Would people see no difference? */
function isSame(known: Known, { text, action, files }: Content<StanzaRef>): boolean {
  if (files !== undefined || text === undefined) return false;
  const shown = action === true ? `/me ${text.plain}` : text.plain;
  return shown === known.text;
}
