/** XEP-0280 Message Carbons, version 1.0.1: §6.1, what is for one client is not copied to the others; §8, a copy of what somebody sent. */
import { join, type Xml, xml } from '../../xml/writer.ts';
import { element } from '../codec.ts';
import { hint } from './0334-hints.ts';

export const CARBONS = 'urn:xmpp:carbons:2';

export const privately = element(CARBONS, 'private', {});

/** Of a message to a full JID that is of the moment: neither copied nor kept (CHECKLIST 334-01). */
export const forOneClient: Xml = join([privately.write({}), hint('no-copy'), hint('no-store')]);

/** §8: of a message that its recipients' user has sent elsewhere, which is given whole. Believed only where it comes from that user. */
export const sentCarbon = (message: Xml): Xml =>
  xml`<sent xmlns=${CARBONS}><forwarded xmlns='urn:xmpp:forward:0'>${message}</forwarded></sent>`;
