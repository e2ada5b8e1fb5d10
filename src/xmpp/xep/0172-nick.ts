/** XEP-0172 User Nickname, version 1.1: §4, what somebody wants to be called. */
import { element, text } from '../codec.ts';

export const NICK = 'http://jabber.org/protocol/nick';

export const nick = element(NICK, 'nick', { nick: text() });
