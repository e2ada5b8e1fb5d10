/** What real servers make of the prefixes that their users' clients write: whatever it is, nobody's stanza ends everybody's stream. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { overTcp } from '../../../harness/client-socket.ts';
import { hasEjabberd, startEjabberd } from '../../../harness/ejabberd.ts';
import { type Prosody, startProsody } from '../../../harness/prosody.ts';
import { connectXmpp, type XmppClient } from '../../../harness/xmpp-client.ts';
import { type Subject, subject } from './fake-server.ts';
import { quickClock } from './quick-clock.ts';

const servers = [['prosody', startProsody] as const, ...(hasEjabberd() ? [['ejabberd', startEjabberd] as const] : [])];
const declares = "xmlns:p='urn:p' xmlns:q='jabber:iq:version'";

describe.each(servers)('with %s', (_, start) => {
  let server: Prosody;
  let gateway: Subject;
  let romeo: XmppClient;

  beforeAll(async () => {
    const options = { components: { 'gw.localhost': 'secret' }, users: { romeo: 'pass' } };
    server = await start(options);
    gateway = subject(server.componentPort, { domain: 'gw.localhost', secret: 'secret', clock: quickClock });
    await gateway.component.start(new AbortController().signal);
    const login = { user: 'romeo', domain: server.domain, resource: 'r' };
    romeo = await connectXmpp(login, overTcp({ port: server.port, password: 'pass', declares }));
  });
  afterAll(async () => {
    romeo?.cut();
    await gateway?.component.stop();
    await server?.[Symbol.asyncDispose]();
  });

  test.each([
    ['an attribute of xml: that nobody knows', "xml:strange='1'", ''],
    ['an element of xml:', '', '<xml:strange/>'],
    ['both of them, deep within', '', "<a xmlns='urn:a'><b><xml:strange xml:base='x' xml:odd='1'/></b></a>"],
    ['an element whose prefix the stream’s header declares', '', '<p:a/>'],
    ['attributes with such prefixes', '', "<a xmlns='urn:a' p:b='1' q:b='2'/>"],
    ['a prefix that is declared, and declared anew', '', "<p:a xmlns:p='urn:1'><p:a xmlns:p='urn:2' p:b='1'/></p:a>"],
  ])('114-43 %s', async (name, attributes, inside) => {
    romeo.send(`<message to='gw.localhost' id='${name}' ${attributes}>${inside}<body>${name}</body></message>`);
    await romeo.roundtrip(server.domain);
    await gateway.component.barrier();
    expect(gateway.downs).toEqual([]);
    const heard = gateway.stanzas.find(({ attrs }) => attrs.id === name);
    expect(heard?.children.at(-1)).toMatchObject({ name: 'body', ns: heard?.ns, children: [name] });
  });
});
