/** An operator shares an account of an IRC network's services: two people speak in its channel over a real server, a third is kept out; in one process, and with an edge and workers. */
import { describe, expect, test } from 'vitest';
import { hasEjabberd } from '../harness/ejabberd.ts';
import { conditionOf } from '../harness/markup.ts';
import { isWhole } from '../harness/matrix.ts';
import { hasOperator, runs } from '../harness/operator.ts';
import { useWorld } from '../harness/scenario.ts';
import { gatewayDomain, ircName, type WorldOptions } from '../harness/world.ts';
import { JoinRefused } from '../harness/xmpp-client.ts';

const limitMs = 120_000;

const worlds: Readonly<Record<string, WorldOptions>> = {
  ...((isWhole() || !hasEjabberd()) && { 'on prosody': { ircd: 'services' } }),
  'on prosody, with an edge and two workers': { ircd: 'services', roles: ['edge', 'worker', 'worker'] },
  ...(hasEjabberd() && { 'on ejabberd': { ircd: 'services', server: 'ejabberd' } }),
};

for (const [name, options] of Object.entries(worlds)) {
  describe(name, () => {
    const world = useWorld(options);

    test(
      'two people of one account hear each other and IRC; who is not admitted is refused, and who is no more is taken out',
      async () => {
        const { gateway } = world();
        const { domain } = world().prosody;
        const account = `montague${world().next()}`;
        const services = await world().irc(account);
        services.say('NickServ', `REGISTER sesame ${account}@verona.example`);
        await services.expect(/NickServ!\S+ NOTICE \S+ :.* is now registered to /);
        services.close();
        const newUser = (): string => world().newUser();
        const [operator, first, second, third] = [newUser(), newUser(), newUser(), newUser()] as const;
        await hasOperator(gateway, `${operator}@${domain}`);
        const admin = await world().jabber(operator, 'desk');
        const login = { server: [ircName], username: [account], password: ['sesame'] };
        const added = await runs(admin, 'register', { admits: [`${first}@${domain}`, `${second}@${domain}`] }, login);
        expect(added?.attrs.status).toBe('completed');

        const channel = `#shared${world().next()}`;
        const room = `${channel}%${ircName}=~+${account}@${gatewayDomain}`;
        const tybalt = await world().irc(`tybalt${world().next()}`);
        await tybalt.join(channel);
        const romeo = await world().jabber(first, 'desk');
        const juliet = await world().jabber(second, 'desk');
        const paris = await world().jabber(third, 'desk');
        expect((await romeo.join(room, 'Romeo')).self.attrs.from).toBe(`${room}/${account}`);
        await juliet.join(room, 'Juliet');
        const refused = await paris.join(room, 'Paris').catch((error: unknown) => error);
        expect(refused instanceof JoinRefused && conditionOf(refused.presence)).toBe('forbidden');

        romeo.say(room, 'peace', 'm1');
        await tybalt.expect(new RegExp(`^:${account}!\\S+ PRIVMSG ${channel} :<${first}> peace`));
        await juliet.receive(`<message type='groupchat' id='m1' from='${room}/${account}'/>`);
        tybalt.say(channel, 'hate the word');
        for (const client of [romeo, juliet])
          await client.receive(`<message type='groupchat'><body>hate the word</body></message>`);

        expect((await runs(admin, 'share-account', { admits: [`${second}@${domain}`] }))?.attrs.status).toBe(
          'completed',
        );
        await romeo.receive(`<presence type='unavailable' from='${room}/${account}'/>`);
        juliet.say(room, 'alone', 'm2');
        await juliet.receive(`<message type='groupchat' id='m2'/>`);
        expect(await romeo.join(room, 'Romeo').catch((error: unknown) => error)).toBeInstanceOf(JoinRefused);
        tybalt.close();
        await Promise.all([admin, romeo, juliet, paris].map((client) => client.close()));
      },
      limitMs,
    );
  });
}
