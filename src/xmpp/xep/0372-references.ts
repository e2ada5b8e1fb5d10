/** XEP-0372 References, version 0.5.0: §3.2, whom a piece of the body names, both ways. Offsets count its code points (XEP-0426), the end is behind the last. */
import { attr, element, whole } from '../codec.ts';

export const REFERENCES = 'urn:xmpp:reference:0';

export const reference = element(REFERENCES, 'reference', {
  type: attr('type'),
  begin: attr('begin', whole),
  end: attr('end', whole),
  uri: attr('uri'),
});
