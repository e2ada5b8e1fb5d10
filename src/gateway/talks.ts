/**
 * Conversations of two by an account that serves several people (src/design/shared-accounts.md): there is one where both sides wish it, and each person of the network
 * has one at most. What each side wishes is kept among the settings of the account's owner, for that chat.
 */

import type { Session } from '../bridge/contract.ts';
import { plainText } from '../core/content.ts';
import { type ChatId, deliveryKey, personId } from '../core/ids.ts';
import { flagOf, type Settings, type SettingsChange } from '../core/settings.ts';
import { xml } from '../xml/writer.ts';
import { parseJid } from '../xmpp/jid.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import { clientJid } from './contacts/addresses.ts';
import type { FaceContext } from './face.ts';

export interface Wished {
  /** Who on our side wishes to talk with them: a bare JID. */
  readonly here: string | undefined;
  /** Whom they wish to talk with. */
  readonly there: string | undefined;
  /** When they were last asked, and when somebody here was told of their wish: epoch milliseconds. */
  readonly askedAt: number;
  readonly toldAt: number;
}

const textOf = (value: Settings[string] | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** @param settings of that chat */
export function wishedIn({ talk_here, talk_there, talk_asked, talk_told }: Settings): Wished {
  return {
    here: textOf(talk_here),
    there: textOf(talk_there),
    askedAt: Number(textOf(talk_asked) ?? 0),
    toldAt: Number(textOf(talk_told) ?? 0),
  };
}

/** Does the account's owner let others talk by it? */
export const mayTalk = (settings: Settings): boolean => flagOf(settings.talks) ?? true;

/** Whose the conversation is, by the wish of both; undefined: nobody's but the account's owner. */
export function talkerIn(settings: Settings): string | undefined {
  const { here, there } = wishedIn(settings);
  return here === there && mayTalk(settings) ? here : undefined;
}

/** What there is to write down where both have done. When they were asked stays, so that nobody is asked over and over. */
export const unwished: SettingsChange = { talk_here: null, talk_there: null };

/** What there is to write down where somebody here is to be named no more; undefined: they are not. */
export function withoutThem(settings: Settings, jid: string): SettingsChange | undefined {
  const { here, there } = wishedIn(settings);
  if (here !== jid && there !== jid) return undefined;
  return { ...(here === jid && { talk_here: null }), ...(there === jid && { talk_there: null }) };
}

/** For whom the conversation with that person is. */
export const partnerOf = ({ account, talker }: Pick<FaceContext, 'account' | 'talker'>, chat: ChatId): string =>
  talker?.(chat) ?? account.owner;

/** The gateway's own words to somebody on the network. Resolves when the network has them. */
export async function tellThem(session: Session, chat: ChatId, text: string, at: number, signal: AbortSignal) {
  await session.send({ text: plainText(text) }, { chat, key: deliveryKey(`${at}-talk`), number: 1, signal });
}

/** The gateway's own words to somebody here, from that person's address. @param lang of the text */
export const toldHere = (
  context: Pick<FaceContext, 'account' | 'addresses' | 'domain'>,
  chat: ChatId,
  jid: string,
  text: string,
  lang: string,
): Outgoing => ({
  kind: 'message',
  type: 'chat',
  from: clientJid(context, personId(chat)),
  to: [jid],
  lang,
  body: xml`<body>${text}</body>`,
  keep: true,
});

/** What somebody on the network says about whom they talk with. `jid`: a bare one; undefined: what they named is none. */
export type Said =
  | { readonly is: 'stop' }
  | { readonly is: 'talk'; readonly named: string; readonly jid: string | undefined };

const command = /^\s*(?:(stop)|talk\s+(?:xmpp:)?(\S{3,1023}))\s*$/i;

/** undefined: it is something else, for whoever they talk with. */
export function saidOfTalks(text: string): Said | undefined {
  const [, ends, named] = command.exec(text) ?? [];
  if (ends !== undefined) return { is: 'stop' };
  return named === undefined ? undefined : { is: 'talk', named, jid: parseJid(named)?.bare };
}

/** What people on the network read: nobody knows in which language. */
export const wordsThere = {
  asks: (jid: string) =>
    `${jid} (Jabber) would like to talk with you through this bot. If you want that, answer: talk ${jid}\n${jid} (Jabber) möchte über diesen Bot mit dir reden. Wenn du das willst, antworte: talk ${jid}`,
  agreed: (jid: string) =>
    `You are talking with ${jid} from now on. To end it, write: stop\nAb jetzt redest du mit ${jid}. Um das zu beenden, schreib: stop`,
  asked: (jid: string) =>
    `${jid} is asked, and you will hear the answer here.\n${jid} wird gefragt; die Antwort kommt hier.`,
  nobody: (jid: string) =>
    `Nobody called ${jid} can be talked to through this bot.\nMit ${jid} kann über diesen Bot niemand reden.`,
  ended: (jid: string) =>
    `The conversation with ${jid} has ended: ${jid} does not read what you write here.\nDas Gespräch mit ${jid} ist beendet: ${jid} liest nicht, was du hier schreibst.`,
  none: 'You are talking with nobody through this bot.\nDu redest über diesen Bot mit niemandem.',
} as const;
