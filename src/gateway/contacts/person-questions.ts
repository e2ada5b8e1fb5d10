/** Requests about a person that the network answers (CHECKLIST section 13, 054-01, 410-04): what each asks the session, and what is announced of it. */
import type { People } from '../../bridge/contract.ts';
import { GatewayError } from '../../core/errors.ts';
import type { PersonId } from '../../core/ids.ts';
import type { Element } from '../../xml/element.ts';
import { empty, type Xml } from '../../xml/writer.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { LAST, lastActivity } from '../../xmpp/xep/0012-last-activity.ts';
import { VCARD, vcard } from '../../xmpp/xep/0054-vcard.ts';
import { VERSION, version } from '../../xmpp/xep/0092-version.ts';
import { PING } from '../../xmpp/xep/0199-ping.ts';
import { TIME, time } from '../../xmpp/xep/0202-time.ts';
import type { Asking, Question } from '../face.ts';
import { result } from '../rooms/origin.ts';
import { readClock } from './clock-words.ts';
import { cardOf, type Say } from './person-card.ts';
import { pictureIn } from './picture-question.ts';

export interface PersonQuestion {
  /** Also the feature that is announced. */
  readonly ns: string;
  readonly name: string;
  /** Can it be asked where the session offers that? */
  isOffered(people: People): boolean;
  /** The result's child. Throws the GatewayError that whoever asked should see. */
  answer(people: People, person: PersonId, asking: Asking, say: Say): Promise<Xml>;
}

const unknown = (text?: string): GatewayError => new GatewayError('not-available', text === undefined ? {} : { text });

/** XEP-0054 §3.3: no card is an empty card. */
const card: PersonQuestion = {
  ns: VCARD,
  name: 'vCard',
  isOffered: () => true,
  async answer({ about }, person, asking, say) {
    const card = await about?.(person, asking.signal);
    const picture = await pictureIn(asking, person, card);
    const photo = picture === undefined ? {} : { photo: { type: picture.type, base64: picture.base64 } };
    return vcard.write({ ...(card !== undefined && cardOf(card, say)), ...photo });
  },
};

const software: PersonQuestion = {
  ns: VERSION,
  name: 'query',
  isOffered: ({ version: ask }) => ask !== undefined,
  async answer({ version: ask }, person, { signal }) {
    if (ask === undefined) throw unknown();
    // What they say is not to be taken apart, and XEP-0092 §2 wants both.
    return version.write({ name: await ask(person, signal), version: '' });
  },
};

const clock: PersonQuestion = {
  ns: TIME,
  name: 'time',
  isOffered: ({ time: ask }) => ask !== undefined,
  async answer({ time: ask }, person, { signal, now }) {
    if (ask === undefined) throw unknown();
    const words = await ask(person, signal);
    const read = readClock(words, now());
    if (read === undefined) throw unknown(`Their clock says: ${words}`);
    return time.write(read);
  },
};

/** XEP-0012 §3: for how long somebody who is there has said nothing (PRE-06). */
const idle: PersonQuestion = {
  ns: LAST,
  name: 'query',
  isOffered: ({ about, tellsIdle }) => about !== undefined && tellsIdle === true,
  async answer({ about }, person, { signal }) {
    const { idleSeconds, away } = about === undefined ? {} : await about(person, signal);
    if (idleSeconds === undefined) throw unknown('The network does not tell how long they have been idle');
    return lastActivity.write({ seconds: idleSeconds, status: away ?? '' });
  },
};

/** Where the network can't ask them, we answer for them (410-04). */
const ping: PersonQuestion = {
  ns: PING,
  name: 'ping',
  isOffered: () => true,
  async answer({ ping: ask }, person, { signal }) {
    await ask?.(person, signal);
    return empty;
  },
};

/** To a contact. */
export const contactQuestions: readonly PersonQuestion[] = [card, software, clock, idle, ping];
/** To an occupant: pings are another matter (rooms/self-ping.ts). */
export const occupantQuestions: readonly PersonQuestion[] = [card, software, clock, idle];

/** The features to announce, given what the session offers. */
export const offeredOf = (all: readonly PersonQuestion[], people: People): readonly string[] =>
  all.filter((one) => one.isOffered(people)).map(({ ns }) => ns);

/** The question that a payload is, if any. */
export const questionIn = (all: readonly PersonQuestion[], payload: Element): PersonQuestion | undefined =>
  all.find(({ ns, name }) => ns === payload.ns && name === payload.name);

/** That question about that person, as the answer to the request. @param away what is due where nobody is connected */
export function personQuestion(
  one: PersonQuestion,
  stanza: Stanza,
  person: PersonId,
  say: Say,
  away = (): GatewayError => new GatewayError('not-connected'),
): Question {
  return async (asking) => {
    const { session } = asking;
    if (session === undefined) throw away();
    return [result(stanza, await one.answer(session.people ?? {}, person, asking, say))];
  };
}
