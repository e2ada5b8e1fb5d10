/** A channel of IRC and a MUC of another server, reached by s2s: the link is cut and healed, the far server killed and restarted, the gateway killed meanwhile. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Element } from '../../src/xml/element.ts';
import { hasEjabberd } from '../harness/ejabberd.ts';
import { type FarServer, farMuc, type Link, openLink, startFarServer } from '../harness/far-server.ts';
import { bodyOf } from '../harness/markup.ts';
import { isWhole } from '../harness/matrix.ts';
import { hasOwnHosts } from '../harness/own-hosts.ts';
import { heardOf, heardOnIrc, hears, type PlumbedWorld, plumbed, speakerOf } from '../harness/plumbed-world.ts';
import { showOnFailure } from '../harness/process.ts';
import { type RealWorld, startWorld } from '../harness/world.ts';

const limitMs = 400_000;
const users = ['nurse', 'second', 'third', 'fourth'];

/**
 * Both sides have heard all of it, in order and once. @param killedBehind what was said right before a kill -9, and comes twice where its receipt had not been written down: this IRC server
 * can't be asked
 */
async function converge(
  { muc, channel, owner, irc, nick }: PlumbedWorld,
  said: readonly string[],
  killedBehind?: string,
): Promise<void> {
  const onIrc = (): readonly (string | undefined)[] =>
    irc.inbox.all
      .filter((line) => line.includes(`PRIVMSG ${channel} :<nurse>`))
      .map((line) => line.split('> ')[1])
      .filter((text, i, all) => text !== killedBehind || all.indexOf(text) === i);
  await expect.poll(() => heardOf(owner, muc, nick), { timeout: 150_000 }).toEqual(said);
  await expect.poll(onIrc, { timeout: 150_000 }).toEqual(said);
}

const kinds = ['prosody', ...(hasEjabberd() && hasOwnHosts() ? (['ejabberd'] as const) : [])] as const;

for (const kind of kinds) {
  // A sample is what goes fastest; links between servers are long in coming about.
  describe.runIf(isWhole() || kind === 'prosody')(`on a far ${kind}`, () => {
    let stack: AsyncDisposableStack;
    let world: RealWorld;
    let link: Link;
    let far: FarServer;

    beforeAll(async () => {
      stack = new AsyncDisposableStack();
      link = stack.use(await openLink());
      world = stack.use(await startWorld({ ircd: 'ngircd', reaches: link.reaches }));
      far = stack.use(await startFarServer(kind, link, users));
      link.connect(world.prosody, far.server);
    }, 120_000);
    afterAll(() => stack?.disposeAsync());
    beforeEach(({ onTestFailed }) =>
      showOnFailure(
        onTestFailed,
        () => far.server.running,
        () => world.prosody.running,
        () => world.gateway.member('all').running,
      ),
    );

    afterEach(() => link.heal());

    /** A plumbing whose both sides have spoken. */
    async function opened(user: string): Promise<PlumbedWorld> {
      const all = await plumbed(world, { service: farMuc, owner: await far.jabber(user, 'desk') });
      saysTo(all, 'one');
      await converge(all, ['one']);
      return all;
    }

    /** The same line on both sides. */
    function saysTo({ muc, channel, owner, irc }: PlumbedWorld, text: string): void {
      irc.say(channel, text);
      owner.say(muc, text);
    }

    async function closes({ admin, owner, irc }: PlumbedWorld): Promise<void> {
      irc.close();
      await Promise.all([admin, owner].map((client) => client.close()));
    }

    test(
      'the link breaks and no other comes about for a while: what was said meanwhile is told after it, once',
      async () => {
        const all = await opened('nurse');
        link.cut('refused');
        for (const text of ['two', 'three']) saysTo(all, text);
        await link.tried();
        link.heal();
        await converge(all, ['one', 'two', 'three']);
        saysTo(all, 'four');
        await converge(all, ['one', 'two', 'three', 'four']);
        await closes(all);
      },
      limitMs,
    );

    test.runIf(isWhole())(
      'kill -9 of the gateway while the link is cut: the same',
      async () => {
        const all = await opened('second');
        const { muc, channel, owner, irc } = all;
        link.cut('refused');
        owner.say(muc, 'two');
        await world.gateway.kill();
        owner.say(muc, 'three');
        await world.gateway.start();
        await irc.expect(new RegExp(`^:${speakerOf(all)}!\\S+ JOIN :?${channel}`), 60_000);
        for (const text of ['two', 'three']) irc.say(channel, text);
        link.heal();
        await converge(all, ['one', 'two', 'three'], 'one');
        await closes(all);
      },
      limitMs,
    );

    test.runIf(isWhole())(
      'the far server is stopped and started: the same',
      async () => {
        const all = await opened('third');
        const { muc, channel, admin, irc, nick } = all;
        await far.server.kill('SIGTERM');
        irc.say(channel, 'two');
        await far.server.restart();
        const again = await far.jabber('third', 'phone');
        await again.join(muc, 'nurse');
        const isTwo = (stanza: Element): boolean => bodyOf(stanza) === 'two' && stanza.name === 'message';
        await again.receive(isTwo, 90_000);
        again.say(muc, 'three');
        await irc.expect(heardOnIrc(speakerOf(all), channel, '<nurse> three'), 90_000);
        irc.say(channel, 'four');
        await hears(again, muc, nick, 'four');
        expect(again.seen(isTwo)).toHaveLength(1);
        irc.close();
        await Promise.all([admin, again].map((client) => client.close()));
      },
      limitMs,
    );
  });
}
