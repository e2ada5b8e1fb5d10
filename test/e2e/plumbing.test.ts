/** A MUC of a real server and channels of a real IRC server as one room: both ways, moderation, restarts of everything, kill -9. */
import { describe, expect, test } from 'vitest';
import { hasEjabberd } from '../harness/ejabberd.ts';
import { bodyOf, child } from '../harness/markup.ts';
import { isWhole } from '../harness/matrix.ts';
import { runsAt } from '../harness/operator.ts';
import { heardOnIrc, hears, joins, plumbed, roomOf, speakerOf, titleOf } from '../harness/plumbed-world.ts';
import { useWorld } from '../harness/scenario.ts';
import type { WorldOptions } from '../harness/world.ts';

const limitMs = 180_000;

const worlds: Readonly<Record<string, WorldOptions>> = {
  ...((isWhole() || !hasEjabberd()) && { 'on prosody': { ircd: 'ngircd', hasMuc: true } }),
  'on prosody, with an edge and two workers': { ircd: 'ngircd', hasMuc: true, roles: ['edge', 'worker', 'worker'] },
  ...(hasEjabberd() && { 'on ejabberd': { ircd: 'ngircd', server: 'ejabberd', hasMuc: true } }),
};

for (const [name, options] of Object.entries(worlds)) {
  describe(name, () => {
    const world = useWorld(options);

    test(
      'both ways, by name; a name that is taken, a voice that is, a kick, the end',
      async () => {
        const all = await plumbed(world());
        const { muc, channel, admin, owner, irc, nick } = all;
        irc.say(channel, 'peace? I hate the word');
        const said = await hears(owner, muc, nick, 'peace? I hate the word');
        owner.say(muc, 'put up your swords', 'n1');
        await irc.expect(heardOnIrc(speakerOf(all), channel, '<nurse> put up your swords'));
        const reply = `<reply xmlns='urn:xmpp:reply:0' id='${child(said, 'stanza-id')?.attrs.id}'/>`;
        owner.send(`<message type='groupchat' id='n2' to='${muc}'><body>so do I</body>${reply}</message>`);
        await irc.expect(heardOnIrc(speakerOf(all), channel, `<nurse> ${nick}: so do I`));

        const nurse = await world().irc('nurse');
        await nurse.join(channel);
        nurse.say(channel, 'another of that name');
        await hears(owner, muc, 'nurse (bridged)', 'another of that name');
        for (const role of ['visitor', 'none']) {
          const takes = `<query xmlns='http://jabber.org/protocol/muc#admin'><item nick='${nick}' role='${role}'/></query>`;
          await owner.ask(`<iq type='set' to='${muc}'>${takes}</iq>`);
          irc.say(channel, `nobody hears a ${role}`);
          await irc.roundtrip();
          nurse.say(channel, `but me, ${role}`);
          await hears(owner, muc, 'nurse (bridged)', `but me, ${role}`);
        }
        expect(owner.seen((stanza) => bodyOf(stanza)?.includes('nobody hears') === true)).toEqual([]);

        nurse.close();
        await owner.receive(`<presence type='unavailable' from='${muc}/nurse (bridged)'/>`, 60_000);
        const choose = await runsAt(admin, roomOf(channel), 'unplumb');
        const which = /"children":\["([0-9a-f]{18})"\]/.exec(JSON.stringify(choose))?.[1];
        await runsAt(admin, roomOf(channel), 'unplumb', { plumbing: [which ?? ''] });
        await owner.receive(`<presence type='unavailable' from='${muc}/${titleOf(channel)}'/>`, 60_000);
        await irc.expect(new RegExp(`^:${speakerOf(all)}!\\S+ (PART|QUIT)`));
        irc.close();
        await Promise.all([admin, owner].map((client) => client.close()));
      },
      limitMs,
    );

    test(
      'two channels in one MUC hear each other, once',
      async () => {
        const all = await plumbed(world());
        const { muc, channel, admin, owner, irc, nick } = all;
        const second = `${channel}b`;
        const romeo = await world().irc(`romeo${world().next()}`);
        await romeo.join(second);
        await joins(admin, owner, second, muc);
        await romeo.expect(new RegExp(`^:${speakerOf(all)}!\\S+ JOIN :?${second}`));
        irc.say(channel, 'where is he');
        await romeo.expect(heardOnIrc(speakerOf(all), second, `<${nick}> where is he`));
        romeo.say(second, 'here');
        await irc.expect(heardOnIrc(speakerOf(all), channel, `<\\S+> here`));
        owner.say(muc, 'peace');
        for (const [client, where] of [
          [irc, channel],
          [romeo, second],
        ] as const)
          await client.expect(heardOnIrc(speakerOf(all), where, '<nurse> peace'));
        expect(irc.inbox.all.filter((line) => line.includes('where is he'))).toEqual([]);
        expect(owner.seen((stanza) => bodyOf(stanza) === 'here')).toHaveLength(1);
        for (const client of [irc, romeo]) client.close();
        await Promise.all([admin, owner].map((client) => client.close()));
      },
      limitMs,
    );

    test(
      'kill -9 of the gateway and a restart of the server: what was said meanwhile is told once',
      async () => {
        const all = await plumbed(world());
        const { muc, channel, admin, owner, irc, nick } = all;
        owner.say(muc, 'word two');
        await irc.expect(heardOnIrc(speakerOf(all), channel, '<nurse> word two'));
        irc.say(channel, 'word one');
        await hears(owner, muc, nick, 'word one');
        for (const text of ['word one', 'word two']) await world().gateway.settles(text);
        await world().gateway.kill();
        owner.say(muc, 'three');
        owner.say(muc, 'four');
        owner.send(`<message type='groupchat' to='${muc}'><subject>the duel</subject></message>`);
        await owner.roundtrip(muc);
        await world().gateway.start();
        await irc.expect(heardOnIrc(speakerOf(all), channel, '<nurse> three'), 60_000);
        await irc.expect(heardOnIrc(speakerOf(all), channel, '<nurse> four'), 60_000);
        await irc.expect(new RegExp(`^:${speakerOf(all)}!\\S+ TOPIC ${channel} :the duel$`), 60_000);
        irc.say(channel, 'five');
        await hears(owner, muc, nick, 'five');

        // In good order: kill -9 may cost ejabberd's mnesia what it was told last, and a room that is made anew is another one.
        await world().prosody.restart('SIGTERM');
        irc.say(channel, 'six');
        const again = await world().jabber(owner.bare.split('@')[0] ?? '', 'phone');
        await again.join(muc, 'nurse');
        await again.receive((stanza) => bodyOf(stanza) === 'six', 90_000);
        again.say(muc, 'seven');
        await irc.expect(heardOnIrc(speakerOf(all), channel, '<nurse> seven'), 90_000);
        const heard = irc.inbox.all.filter((line) => line.includes(`PRIVMSG ${channel} :<nurse>`));
        expect(heard.map((line) => line.split('> ')[1])).toEqual(['word two', 'three', 'four', 'seven']);
        irc.close();
        await Promise.all([again].map((client) => client.close()));
        admin.cut();
      },
      limitMs,
    );
  });
}
