/**
 * Pictures of the people for whom an account speaks, where a network can fetch them (src/design/pictures.md): their card is read when they speak for the first time, and again when
 * they show another picture or an hour has passed. What is said waits a moment for the first reading, and for no other.
 */
import type { Clock, Log } from '../bridge/contract.ts';
import type { Author } from '../core/content.ts';
import type { Stanza } from '../gateway/face.ts';
import { cardQuestion, pictureSaid, readCard } from '../gateway/own-profile.ts';
import type { AvatarStore } from '../storage/avatar-ports.ts';
import type { ClientIqs } from './client-iqs.ts';
import { createMemory } from './memory.ts';
import { rowOf } from './pictures.ts';

export interface SpeakerPictures {
  /** The address of that speaker's picture; undefined: none is known. A promise only where something may become known at once; never rejects. */
  of(author: Author): string | undefined | Promise<string | undefined>;
  /** A presence may say that somebody shows another picture now, or that their address is somebody else's. */
  heard(stanza: Stanza): void;
}

export interface SpeakerPicturesParts {
  /** By whose address people's servers are asked, and under whose name pictures are kept. */
  readonly domain: string;
  readonly iqs: Pick<ClientIqs, 'ask'>;
  readonly store: Pick<AvatarStore, 'keep'>;
  /** Where that picture can be fetched. */
  link(hash: string): string;
  readonly clock: Clock;
  readonly log: Log;
}

/** '' for the hash: they have none. */
interface Known {
  readonly hash: string;
  readonly at: number;
}

const rememberedAtMost = 5_000;
const goodForMs = 3_600_000;
const answersWithinMs = 15_000;
const waitsMs = 2_000;
const askedAtOnce = 16;

/** What somebody's picture is called in the store. */
export const speakerName = (jid: string): string => `jabber ${jid}`;

export function createSpeakerPictures({ domain, iqs, store, link, clock, log }: SpeakerPicturesParts): SpeakerPictures {
  const known = createMemory<Known>(rememberedAtMost);
  const asking = new Map<string, Promise<string | undefined>>();

  const linkTo = (hash: string | undefined): string | undefined =>
    hash === undefined || hash === '' ? undefined : link(hash);

  /** Somebody of whom nothing can be known now has the picture that they had. */
  async function read(jid: string, from: string): Promise<string | undefined> {
    const before = known.get(jid);
    try {
      const answer = await iqs.ask({ from, to: jid, payload: cardQuestion }, answersWithinMs);
      const picture = readCard(answer?.payload)?.picture;
      const row = picture === undefined ? undefined : rowOf(picture);
      if (row !== undefined) await store.keep(domain, speakerName(jid), row, clock.now());
      const hash = row?.hash ?? (answer === undefined ? (before?.hash ?? '') : '');
      known.set(jid, { hash, at: clock.now() });
      return linkTo(hash);
    } catch (error) {
      log.debug({ error }, "somebody's picture could not be read");
      known.set(jid, { hash: before?.hash ?? '', at: clock.now() });
      return linkTo(before?.hash);
    }
  }

  function look(jid: string, from: string): Promise<string | undefined> | undefined {
    const before = asking.get(jid);
    if (before !== undefined) return before;
    if (asking.size >= askedAtOnce) return undefined;
    const reading = read(jid, from).finally(() => asking.delete(jid));
    asking.set(jid, reading);
    return reading;
  }

  function forAMoment(reading: Promise<string | undefined>): Promise<string | undefined> {
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const cancel = clock.after(waitsMs, () => resolve(undefined));
    return Promise.race([reading, late]).finally(cancel);
  }

  return {
    of({ jid, askedBy = domain }) {
      if (jid === undefined) return undefined;
      const found = known.get(jid);
      if (found !== undefined && clock.now() - found.at < goodForMs) return linkTo(found.hash);
      const reading = look(jid, askedBy);
      if (found !== undefined) return linkTo(found.hash);
      return reading && forAMoment(reading);
    },
    heard(stanza) {
      if (stanza.kind !== 'presence') return;
      const { from, type } = stanza;
      const said = type === 'unavailable' ? null : pictureSaid(stanza);
      if (said === undefined) return;
      // An occupant's address may become somebody else's; a person's stays theirs.
      for (const jid of said === null ? [from.full] : [from.full, from.bare]) {
        const found = known.get(jid);
        if (found !== undefined && found.hash !== said) known.forget(jid);
      }
    },
  };
}
