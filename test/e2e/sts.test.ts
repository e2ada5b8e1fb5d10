/** A server that wants TLS (IRCv3 sts) is left for its TLS port, its word outlasts a restart, and who stands in its place without TLS hears nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusal } from '../harness/expectations.ts';
import { tlsName } from '../harness/inspircd.ts';
import { startNgircd } from '../harness/ngircd.ts';
import { freePort } from '../harness/ports.ts';
import { type Relay, startRelay } from '../harness/relay.ts';
import { useWorld } from '../harness/scenario.ts';
import { type IrcPerson, type Person, Stage } from '../harness/stage.ts';
import { gatewayDomain } from '../harness/world.ts';

/** The server's plain port, as it is known to the gateway. */
let relay: Relay | undefined;
let closed = 0;
beforeAll(async () => {
  relay = await startRelay();
  closed = await freePort();
});
afterAll(() => relay?.[Symbol.asyncDispose]());

const plain = (): Relay => relay ?? raise();
const raise = (): never => {
  throw new Error('there is no relay');
};

const world = useWorld({
  ircd: 'inspircd',
  inspircd: { sts: true },
  servers({ port, tls }) {
    plain().to = port;
    const ports = { tls: [closed], plain: [plain().port] };
    return { [tlsName]: { address: ['127.0.0.1'], ports, tls: 'preferred', ca: tls?.ca } };
  },
});

async function isSecure(juliet: IrcPerson, { nick }: Person): Promise<boolean> {
  const since = juliet.client.inbox.all.length;
  juliet.client.send(`WHOIS ${nick}`);
  await juliet.client.expect(new RegExp(` 318 \\S+ ${nick} `));
  return juliet.client.seen(new RegExp(` 671 \\S+ ${nick} `), since).length === 1;
}

test('its word is taken, kept over a restart, and stands against who has no TLS', async () => {
  await using stage = new Stage(world());
  const juliet = await stage.irc('juliet');
  await juliet.enters();
  const romeo = await stage.jabber('romeo');
  const on = (channel: string): string => `${channel}%${tlsName}@${gatewayDomain}`;
  await romeo.enters(on(stage.channel));
  await juliet.sees(romeo, 'JOIN');
  expect(await isSecure(juliet, romeo)).toBe(true);
  // It was in plain text that it was learned.
  expect(plain().guests.map(({ said }) => said.subarray(0, 6).toString())).toEqual(['CAP LS']);

  const gateway = world().gateway.member('all');
  await gateway.stop();
  await juliet.sees(romeo, 'QUIT');
  await gateway.start();
  await juliet.sees(romeo, 'JOIN');
  expect(await isSecure(juliet, romeo)).toBe(true);
  expect(plain().guests).toHaveLength(1);

  await gateway.stop();
  await world().ircd.kill();
  await using downgraded = await startNgircd();
  plain().to = downgraded.port;
  await gateway.start();
  const { condition } = await refusal(romeo.enters(on(stage.otherChannel().channel)));
  expect(condition).toBe('remote-server-timeout');
  expect(plain().guests).toHaveLength(1);
});
