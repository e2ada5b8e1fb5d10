/** XEP-0410 MUC Self-Ping, version 1.1.0: §3.3, rooms that answer themselves say so. The ping is XEP-0199's. */

export const SELF_PING_OPTIMIZATION = 'http://jabber.org/protocol/muc#self-ping-optimization';
