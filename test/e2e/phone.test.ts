/** The person on a phone with a bad connection: streams that are taken up again or given up (XEP-0198), and what is told of the time in between. */
import { describe, expect, test } from 'vitest';
import { hasEjabberd } from '../harness/ejabberd.ts';
import { bodyOf } from '../harness/markup.ts';
import { overPhone, type PhoneLine } from '../harness/phone.ts';
import { useWorld } from '../harness/scenario.ts';
import { Stage } from '../harness/stage.ts';
import type { RealWorld } from '../harness/world.ts';
import { connectXmpp, type XmppClient } from '../harness/xmpp-client.ts';

async function phoneOf(
  world: RealWorld,
  user: string,
  resource: string,
): Promise<{ client: XmppClient; line: PhoneLine }> {
  let made: PhoneLine | undefined;
  const way = overPhone(world.clientPort, (line) => (made = line));
  const client = await connectXmpp({ user, domain: world.prosody.domain, resource }, way);
  if (made === undefined) throw new Error('no line');
  return { client, line: made };
}

const linesHeard = (client: XmppClient, room: string): readonly string[] =>
  client.inbox.all.flatMap((one) =>
    one.name === 'message' && one.attrs.from?.startsWith(`${room}/`) ? (bodyOf(one) ?? []) : [],
  );

describe.each([
  { server: 'prosody', has: true },
  { server: 'ejabberd', has: hasEjabberd() },
] as const)('$server', ({ server, has }) => {
  if (!has) return test.skip('not installed');
  const world = useWorld({ ircd: 'modern', server, keepsStreams: 2 });

  test.concurrent('a stream that is taken up again in time: nothing is missed, nothing comes twice', async () => {
    await using stage = new Stage(world());
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    const user = world().newUser();
    const nick = `phone${world().next()}`;
    const { client, line } = await phoneOf(world(), user, 'phone');
    await client.join(stage.room, nick);
    line.cut();
    for (let n = 1; n <= 5; n++) juliet.says(`${n}`);
    await juliet.client.roundtrip();
    expect(await line.resume()).toBe(true);
    await client.receive(`<message><body>5</body></message>`);
    expect(linesHeard(client, stage.room)).toEqual(['1', '2', '3', '4', '5']);
    await client.close();
  });

  test.concurrent('a stream that the server gives up: who comes back without a word gets all that did not reach them', async () => {
    await using stage = new Stage(world());
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    const user = world().newUser();
    const nick = `phone${world().next()}`;
    const { client, line } = await phoneOf(world(), user, 'phone');
    await client.join(stage.room, nick);
    const watcher = await world().jabber(user, 'watcher');
    line.cut();
    for (let n = 1; n <= 5; n++) juliet.says(`${n}`);
    await juliet.client.roundtrip();
    await watcher.receive(`<presence type='unavailable' from='${client.jid}'/>`);
    await watcher.roundtrip(`${stage.room}/${nick}`);
    juliet.says('6');
    await juliet.client.roundtrip();
    const back = await phoneOf(world(), user, 'phone2');
    await back.client.join(stage.room, nick);
    juliet.says('7');
    await back.client.receive(`<message><body>7</body></message>`);
    expect(linesHeard(back.client, stage.room)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    await back.client.close();
    await watcher.close();
  });
});
