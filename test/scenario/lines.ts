/** What clients of a scenario get, as patterns: attributes and children that are not named are free, `!` is absent, `*` is anything. */
import type { Element } from '../../src/xml/element.ts';
import { child, textOf } from '../harness/markup.ts';
import { verona } from './stage.ts';

const muc = 'http://jabber.org/protocol/muc#user';
const codesIn = (codes: readonly number[]): string => codes.map((code) => `<status code='${code}'/>`).join('');

/** Somebody is in the room. */
export const there = (nick: string, role = 'participant', room = verona): string =>
  `<presence type='!' from='${room}/${nick}'><x xmlns='${muc}'><item role='${role}'/></x></presence>`;

/** Oneself is in the room. */
export const self = (nick: string, codes: readonly number[] = [], room = verona): string =>
  `<presence type='!' from='${room}/${nick}'><x xmlns='${muc}'>${codesIn([110, ...codes])}</x></presence>`;

/** Somebody is not in the room any more. */
export const gone = (nick: string, codes: readonly number[] = [], room = verona): string =>
  `<presence type='unavailable' from='${room}/${nick}'><x xmlns='${muc}'>${codesIn(codes)}</x></presence>`;

/** The room's subject, '' where it has none. */
export const subject =
  (text = '', room = verona) =>
  (stanza: Element): boolean => {
    const isSubject =
      stanza.name === 'message' && stanza.attrs.type === 'groupchat' && child(stanza, 'body') === undefined;
    return isSubject && stanza.attrs.from?.split('/')[0] === room && textOf(child(stanza, 'subject')) === text;
  };

/** Said in the room now. */
export const said = (nick: string, text: string, id = '*', room = verona): string =>
  `<message type='groupchat' id='${id}' from='${room}/${nick}'><body>${text}</body></message>`;

/** Said in the room before. */
export const once = (nick: string, text: string, room = verona): string =>
  `<message type='groupchat' from='${room}/${nick}'><body>${text}</body><delay xmlns='urn:xmpp:delay' from='${room}' stamp='*'/></message>`;

/** What was sent came back as an error. */
export const failed = (kind: 'message' | 'presence' | 'iq', id: string, type: string, condition: string): string =>
  `<${kind} type='error' id='${id}'><error type='${type}'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></${kind}>`;
