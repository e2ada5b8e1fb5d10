/** What real servers make of the names of a network's people, which are resources of ours: a stanza from one that they refuse reaches nobody. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asResource } from '../../../../src/core/resource.ts';
import { xml } from '../../../../src/xml/writer.ts';
import { createOutbound } from '../../../../src/xmpp/stream/outbound.ts';
import { overTcp } from '../../../harness/client-socket.ts';
import { hasEjabberd, startEjabberd } from '../../../harness/ejabberd.ts';
import { type Prosody, startProsody } from '../../../harness/prosody.ts';
import { connectXmpp, type XmppClient } from '../../../harness/xmpp-client.ts';
import { type Subject, subject } from './fake-server.ts';
import { quickClock } from './quick-clock.ts';

const servers = [['prosody', startProsody] as const, ...(hasEjabberd() ? [['ejabberd', startEjabberd] as const] : [])];
const names = `Zoë|日本語|♥ love ★|Bob 🎉|🏳️‍🌈 pride|𝓙𝓸𝓱𝓷|ＦＵＬＬ|a\u200bb\u202ec|שלום|שלום John|John שלום|محمد 123|(עמית!)|مُحَمَّد عَلِي|x² ½|ﷺ|İstanbul`;

describe.each(servers)('with %s', (_, start) => {
  let server: Prosody;
  let gateway: Subject;
  let romeo: XmppClient;

  beforeAll(async () => {
    server = await start({ components: { 'gw.localhost': 'secret' }, users: { romeo: 'pass' } });
    gateway = subject(server.componentPort, { domain: 'gw.localhost', secret: 'secret', clock: quickClock });
    await gateway.component.start(new AbortController().signal);
    const login = { user: 'romeo', domain: server.domain, resource: 'r' };
    romeo = await connectXmpp(login, overTcp({ port: server.port, password: 'pass' }));
  });
  afterAll(async () => {
    romeo?.cut();
    await gateway?.component.stop();
    await server?.[Symbol.asyncDispose]();
  });

  function say(resource: string, id: string): void {
    const sent: string[] = [];
    const from = `#room@gw.localhost/${resource}`;
    const body = xml`<body>hello</body>`;
    createOutbound('gw.localhost').render(
      { kind: 'message', type: 'groupchat', id, from, to: [romeo.jid], body },
      sent,
    );
    gateway.component.write(sent.join(''));
  }

  test.each(names.split('|').map((name) => [asResource(name), name]))('JID-04 %s, from %s', async (resource, name) => {
    say(resource, name);
    const heard = await romeo.receive((stanza) => stanza.name === 'message' && stanza.attrs.id === name);
    expect(heard.attrs.from).toBe(`#room@gw.localhost/${resource}`);
  });

  test('JID-04 45-59 what they refuse comes back in the name of whoever was to hear it', async () => {
    say('שלום John', 'refused');
    await gateway.component.barrier();
    const back = gateway.stanzas.find(({ attrs }) => attrs.id === 'refused' || attrs.type === 'error');
    expect(back?.attrs).toMatchObject({ type: 'error', from: romeo.jid });
  });
});
