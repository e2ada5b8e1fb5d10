/** XEP-0292 vCard4 Over XMPP, version 0.12.0: §4.1, the card of a person as the one item of a node. */
import { type Xml, xml } from '../../xml/writer.ts';

export const VCARD4_NODE = 'urn:xmpp:vcard4';

export interface VCard4 {
  readonly fullName: string;
  readonly nickname?: string;
  readonly note?: string;
  readonly url?: string;
}

const part = (value: string | undefined, write: (value: string) => Xml): Xml | undefined =>
  value === undefined || value === '' ? undefined : write(value);

/** RFC 6351 §3. */
export const vcard4 = ({
  fullName,
  nickname,
  note,
  url,
}: VCard4): Xml => xml`<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'>
  <fn><text>${fullName}</text></fn>
  ${part(nickname, (name) => xml`<nickname xmlns='urn:ietf:params:xml:ns:vcard-4.0'><text>${name}</text></nickname>`)}
  ${part(url, (uri) => xml`<url xmlns='urn:ietf:params:xml:ns:vcard-4.0'><uri>${uri}</uri></url>`)}
  ${part(note, (said) => xml`<note xmlns='urn:ietf:params:xml:ns:vcard-4.0'><text>${said}</text></note>`)}
</vcard>`;
