/** XEP-0133 Service Administration, version 1.3.1: §4.5, 4.15, 4.20 and 4.23, ending sessions, who is online, announcing. */

export const ADMIN = 'http://jabber.org/protocol/admin';

/** The node of an operator's command. */
export const adminNode = (name: string): string => `${ADMIN}#${name}`;
