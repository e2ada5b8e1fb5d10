/** A stanza as text, for whoever deals with it in another process. */
import { parse } from '../xml/document.ts';
import { write } from '../xml/writer.ts';
import { readStanza, type Stanza } from '../xmpp/stanza.ts';

/** What `stanzaIn` reads. */
export const stanzaText = ({ el }: Stanza): string => write(el).text;

/** undefined: it is none. */
export const stanzaIn = (text: string): Stanza | undefined => readStanza(parse(text));
