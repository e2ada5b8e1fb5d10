/**
 * The owner's own picture and name, given to the network where they want that (CHECKLIST 084-10, 084-11): read when there is a session and whenever something says
 * that they changed, given only where they are new. What comes back from the network is never read: no loop.
 */
import { createHash } from 'node:crypto';
import type { Session } from '../bridge/contract.ts';
import type { Picture } from '../core/picture.ts';
import type { Stanza } from '../gateway/face.ts';
import * as own from '../gateway/own-profile.ts';
import type { AvatarStore } from '../storage/avatar-ports.ts';
import type { AccountRow } from '../storage/ports.ts';
import type { ClientIqs } from './client-iqs.ts';
import { sharedIn, type Wishes } from './wishes.ts';

export interface OwnProfile {
  /** There is a session, or what the owner wants is another thing. */
  look(): void;
  hear(stanza: Stanza): void;
}

export interface OwnProfileParts {
  /** By whose address the owner's server is asked: the service's. */
  readonly from: string;
  readonly iqs: Pick<ClientIqs, 'ask'>;
  readonly given: Pick<AvatarStore, 'given' | 'give'>;
  readonly wishes: Pick<Wishes, 'onServer'>;
  session(): Session | undefined;
  readonly signal: AbortSignal;
  /** For what the network refuses. */
  readonly ignore: (error: unknown) => void;
}

const answersWithinMs = 30_000;

/** What the owner's server says; undefined: nothing can be known of it now. */
interface Read<T> {
  readonly is: T | undefined;
}

const hashOf = (picture: Picture | undefined): string =>
  picture === undefined ? '' : createHash('sha1').update(picture.bytes).digest('hex');

export function createOwnProfile({ id, owner }: Pick<AccountRow, 'id' | 'owner'>, parts: OwnProfileParts): OwnProfile {
  const { from, iqs, given, wishes, session, signal, ignore } = parts;
  let working = false;
  let again = false;
  let hashSaid: string | undefined;

  /** undefined: nobody answered. */
  const answerTo = (payload: Parameters<typeof iqs.ask>[0]['payload']) =>
    iqs.ask({ from, to: owner, payload }, answersWithinMs);
  const ask = async (payload: Parameters<typeof answerTo>[0]) => (await answerTo(payload))?.payload;

  async function readPicture(): Promise<Read<Picture> | undefined> {
    const metadata = await answerTo(own.metadataQuestion);
    const hash = own.readMetadata(metadata?.payload);
    const data = typeof hash === 'string' ? await answerTo(own.dataQuestion(hash)) : metadata;
    const picture = typeof hash === 'string' ? own.readData(data?.payload) : undefined;
    if (picture !== undefined && hashOf(picture) === hash) return { is: picture };
    if (hash === null) return { is: undefined };
    const card = own.readCard(await ask(own.cardQuestion));
    // A card without one says nothing of a picture that may be in the node.
    if (card?.picture === undefined && data === undefined) return undefined;
    return card && { is: card.picture };
  }

  async function readNick(): Promise<string | undefined> {
    return own.readNick(await ask(own.nickQuestion)) ?? own.readCard(await ask(own.cardQuestion))?.nick;
  }

  async function givePicture(give: NonNullable<NonNullable<Session['profile']>['avatar']>): Promise<void> {
    const read = await readPicture();
    if (read === undefined || signal.aborted) return;
    const hash = hashOf(read.is);
    const { hash: before = '' } = await given.given(id);
    // What the network has from elsewhere is not taken away where there is nothing to give.
    if (hash === before) return;
    await give(read.is, signal);
    await given.give(id, { hash });
  }

  async function giveNick(give: NonNullable<NonNullable<Session['profile']>['nick']>): Promise<void> {
    const nick = await readNick();
    if (nick === undefined || signal.aborted || nick === (await given.given(id)).nick) return;
    await give(nick, signal);
    await given.give(id, { nick });
  }

  async function work(): Promise<void> {
    const { avatar, nick } = sharedIn(wishes.onServer());
    const profile = session()?.profile;
    if (avatar && profile?.avatar !== undefined) await givePicture(profile.avatar).catch(ignore);
    if (nick && profile?.nick !== undefined) await giveNick(profile.nick).catch(ignore);
  }

  async function workOn(): Promise<void> {
    working = true;
    do {
      again = false;
      await work();
    } while (again && !signal.aborted);
    working = false;
  }

  function look(): void {
    if (session()?.profile === undefined) return;
    if (working) again = true;
    else workOn().catch(ignore);
  }

  return {
    look,
    hear(stanza) {
      if (stanza.from.bare !== owner) return;
      const said = own.pictureSaid(stanza);
      const isNew = said !== undefined && said !== hashSaid;
      if (isNew) hashSaid = said;
      if (isNew || own.isProfileEvent(stanza)) look();
    },
  };
}
