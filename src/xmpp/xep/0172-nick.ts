/** XEP-0172 User Nickname, version 1.1: what somebody is called, said with a request for subscription and with a first message. */
import { type Xml, xml } from '../../xml/writer.ts';

export const NICK = 'http://jabber.org/protocol/nick';

/** `<nick/>`. */
export const nickElement = (name: string): Xml => xml`<nick xmlns=${NICK}>${name}</nick>`;
