/** What goes with a request for a subscription (CHECKLIST 172-01, 100-02): who asks, and in words what for, since clients would say something of their own. */
import { type Xml, xml } from '../../xml/writer.ts';
import { nickElement } from '../../xmpp/xep/0172-nick.ts';
import { textsFor } from '../commands/texts.ts';

/** @param lang of whoever is asked, as far as known */
export const introduction = (name: string, lang: string | undefined): Xml =>
  xml`<status>${textsFor(lang).asksToSee(name)}</status>${nickElement(name)}`;
