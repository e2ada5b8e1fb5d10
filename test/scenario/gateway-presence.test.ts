/** The gateway's own presence to those who have a login (CHECKLIST 5.3): here when the network has let them in, away while it is looked for, gone at the end for good. */
import { expect } from 'vitest';
import { chatId, GatewayError, personId } from '../../src/bridge/index.ts';
import type { SessionState } from '../../src/core/event.ts';
import { child } from '../harness/markup.ts';
import { domainName } from './gateway.ts';
import { loginsOnly as options, registers } from './registered.ts';
import type { Client } from './server.ts';
import { type Stage, scenario } from './stage.ts';

const gateway = `${domainName}/gateway`;
const here = `<presence from='${gateway}' to='romeo@test'><c xmlns='http://jabber.org/protocol/caps'/></presence>`;
const looks = (to = 'romeo@test'): string =>
  `<presence from='${gateway}' to='${to}'><show>away</show><status>The connection to the network is being made.</status><c xmlns='http://jabber.org/protocol/caps'/></presence>`;

/** What the gateway itself has shown since. */
function shown(client: Client): void {
  client.queue.splice(0, client.queue.length, ...client.queue.filter(({ attrs }) => attrs.from === gateway));
}

async function state(stage: Stage, now: SessionState): Promise<void> {
  const event = { kind: 'state', at: new Date(stage.clock.now()), state: now } as const;
  stage.gateway.world.tell(personId('juliet'), chatId('romeo'), event);
  await stage.calm();
}

scenario(
  '100-13 PRE-13 says that it is away while the connection is made anew, to whoever comes meanwhile too, and once that it is back',
  async (stage) => {
    const romeo = await registers(stage);
    await stage.passes(1);
    romeo.ignores();
    await state(stage, 'reconnecting');
    await state(stage, 'reconnecting');
    shown(romeo);
    romeo.gets(looks());
    await romeo.sends(`<presence to='${domainName}'/>`);
    shown(romeo);
    romeo.gets(`<presence from='${gateway}' to='${romeo.jid}'/>`, looks(romeo.jid));
    await state(stage, 'ready');
    await state(stage, 'ready');
    shown(romeo);
    romeo.gets(here);
    await romeo.sends(`<presence to='${domainName}'/>`);
    romeo.gets(`<presence from='${gateway}' to='${romeo.jid}'/>`);
  },
  options,
);

scenario(
  '100-12 100-13 an outage over a start: the error, away to who comes meanwhile, here when it is over',
  async (stage) => {
    const romeo = await registers(stage);
    await stage.gateway.stop('keep');
    romeo.ignores();
    stage.gateway.away(new GatewayError('network-away'));
    await stage.gateway.start();
    await stage.passes(60);
    romeo.gets(`<presence type='error' from='${domainName}' to='romeo@test'/>`);
    const phone = stage.client('romeo', 'phone');
    await phone.sends(`<presence to='${domainName}'/>`);
    phone.gets(`<presence from='${gateway}' to='${phone.jid}'/>`, looks(phone.jid));
    stage.gateway.away(undefined);
    await stage.passes(600);
    shown(romeo);
    romeo.gets(here);
  },
  options,
);

scenario(
  '114-52 114-51 at the end for good it is gone; at the next start it asks who is there, and is here again for them',
  async (stage) => {
    const romeo = await registers(stage);
    await romeo.sends(`<presence to='${domainName}'/>`);
    romeo.ignores();
    await stage.gateway.stop('farewell');
    await stage.calm();
    romeo.gets(`<presence type='unavailable' from='${gateway}' to='romeo@test'/>`);
    stage.server.probes.length = 0;
    await stage.gateway.start();
    await stage.passes(1);
    expect(stage.server.probes).toEqual([[domainName, 'romeo@test']]);
    const last = romeo.queue.splice(0).at(-1);
    expect([last?.attrs.from, last?.attrs.type, child(last, 'show')]).toEqual([gateway, undefined, undefined]);
  },
  options,
);
