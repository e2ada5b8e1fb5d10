/** XEP-0191 Blocking Command, version 1.3: §3.3, what is said in the error to whoever writes to somebody whom they have blocked. The lists are the server's. */
import { xml } from '../../xml/writer.ts';

export const blockedMark = xml`<blocked xmlns='urn:xmpp:blocking:errors'/>`;
