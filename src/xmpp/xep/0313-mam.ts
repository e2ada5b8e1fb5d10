/** XEP-0313 Message Archive Management, version 1.1.3: queries (§4.1), results in forwarded form (§4.2, XEP-0297), the end of a page (§4.3), what an archive holds (§5). */
import { type Xml, xml } from '../../xml/writer.ts';
import { attr, child, element, flag, maybe, optionalAttr, type TypeOf, truth } from '../codec.ts';
import { dataForm } from './0004-data-forms.ts';
import { resultSet } from './0059-result-sets.ts';
import { stamp, writeStamp } from './0082-stamps.ts';

export const MAM = 'urn:xmpp:mam:2';
/** §7: ids as filters, flipped pages, metadata. */
export const MAM_EXTENDED = 'urn:xmpp:mam:2#extended';

/** §4, §4.1; a question without children asks for the form (§4.1.5). `node` is for pubsub (§6.1.3). */
export const mamQuery = element(MAM, 'query', {
  queryid: optionalAttr('queryid'),
  node: optionalAttr('node'),
  form: maybe(dataForm),
  set: maybe(resultSet),
  flipPage: flag('flip-page'),
});
export type MamQuery = TypeOf<typeof mamQuery>;

/** §4.1.5: the fields that a query may have; `ids` is open to any value (XEP-0122 §3.2). */
export const mamForm: Xml = xml`<query xmlns='urn:xmpp:mam:2'>
  <x xmlns='jabber:x:data' type='form'>
    <field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field>
    <field var='with' type='jid-single'/>
    <field var='start' type='text-single'/>
    <field var='end' type='text-single'/>
    <field var='before-id' type='text-single'/>
    <field var='after-id' type='text-single'/>
    <field var='ids' type='list-multi'>
      <validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:string'><open/></validate>
    </field>
  </x>
</query>`;

/** A message as it was told; of a room without `to` (§6.1.2). */
export interface Told {
  readonly from: string;
  readonly to?: string;
  readonly type: 'groupchat' | 'chat';
  /** The stanza's children. */
  readonly body: Xml;
}

/** §4.2 */
export function mamResult(
  one: Told & {
    readonly queryid: string | undefined;
    /** In the archive. */
    readonly id: string;
    readonly at: Date;
    /** The stanza's own. */
    readonly stanza: string | undefined;
  },
): Xml {
  return xml`<result xmlns='urn:xmpp:mam:2' queryid=${one.queryid} id=${one.id}>
    <forwarded xmlns='urn:xmpp:forward:0'>
      <delay xmlns='urn:xmpp:delay' stamp=${writeStamp(one.at)}/>
      <message xmlns='jabber:client' from=${one.from} to=${one.to} type=${one.type} id=${one.stanza}>${one.body}</message>
    </forwarded>
  </result>`;
}

/** §4.3.2 */
export const fin = element(MAM, 'fin', {
  complete: optionalAttr('complete', truth),
  stable: optionalAttr('stable', truth),
  set: child(resultSet),
});

const end = { id: attr('id'), timestamp: attr('timestamp', stamp) };

/** §5; empty in a question, and where the archive holds nothing. */
export const metadata = element(MAM, 'metadata', {
  start: maybe(element(MAM, 'start', end)),
  end: maybe(element(MAM, 'end', end)),
});
