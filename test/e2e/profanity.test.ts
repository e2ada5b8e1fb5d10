/** A terminal client as a user has it: what the person sees is the claim, not the stanzas. */
import { describe, test } from 'vitest';
import { startProfanity, type Terminal } from '../harness/profanity.ts';
import { useWorld } from '../harness/scenario.ts';
import { Stage } from '../harness/stage.ts';
import { ircName, type RealWorld } from '../harness/world.ts';

const joined = 'You have joined the room as';

describe('profanity in a terminal', () => {
  const world = useWorld({ ircd: 'ngircd' });
  const sits = ({ prosody, newUser }: RealWorld): Promise<Terminal> =>
    startProfanity({ port: prosody.port, jid: `${newUser()}@${prosody.domain}`, password: 'pw' });

  test('45-20 45-52 45-61 45-55 joins, talks, changes nick, is kicked, comes back, leaves', async () => {
    await using stage = new Stage(world());
    await using terminal = await sits(world());
    const { channel, room } = stage;
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    await juliet.does(`TOPIC ${channel} :A balcony`);

    await terminal.types(`/join ${room} nick romeo`);
    await terminal.shows(`${joined} romeo, role: participant`);
    await terminal.shows(`${juliet.nick} has set the room subject: A balcony`);
    await juliet.sees('romeo', 'JOIN');

    await terminal.types('but soft, what light');
    await juliet.hears({ nick: 'romeo' }, 'but soft, what light');
    await terminal.shows('romeo: but soft, what light');
    juliet.says('wherefore art thou?');
    await terminal.shows(`${juliet.nick}: wherefore art thou?`);
    juliet.says('\u0001ACTION \u0002sighs\u0002\u0001');
    await terminal.shows(`*${juliet.nick} sighs`);
    await terminal.types('/me climbs');
    await juliet.hears({ nick: 'romeo' }, '\u0001ACTION climbs\u0001');

    await juliet.does('NICK rosaline');
    await terminal.shows(`** ${juliet.nick} is now known as rosaline`);
    await terminal.types('/nick montague');
    await terminal.shows(/ {3}montague *$/m);
    await juliet.sees('romeo', 'NICK', 'montague');
    await terminal.types('call me but love');
    await terminal.shows('montague: call me but love');

    await juliet.does(`MODE ${channel} +v montague`);
    await juliet.does(`TOPIC ${channel} :An orchard`);
    await terminal.shows('rosaline has set the room subject: An orchard');

    await juliet.does(`KICK ${channel} montague :my kinsmen come`);
    await terminal.shows(`Kicked from ${room} by rosaline, reason: my kinsmen come`);
    await terminal.types(`/join ${room} nick montague`);
    await juliet.sees('montague', 'JOIN');
    await terminal.shows(`${joined} montague`);
    await terminal.types('here again');
    await juliet.hears({ nick: 'montague' }, 'here again');

    await terminal.types('/close');
    await juliet.sees('montague', 'PART');
  });

  test('45-46 45-47 private messages, both ways', async () => {
    await using stage = new Stage(world());
    await using terminal = await sits(world());
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    await terminal.types(`/join ${stage.room} nick tybalt`);
    await terminal.shows(joined);
    // A client that doesn't know yet that people's addresses are shown here writes to the room's occupant, and the answer comes from the person.
    await terminal.types('/info');
    await terminal.shows('muc_nonanonymous');
    await terminal.types(`/msg ${juliet.nick} peace?`);
    await juliet.hears({ nick: 'tybalt' }, 'peace?', juliet.nick);
    await terminal.shows('me: peace?');
    juliet.says('I hate the word', 'tybalt');
    await terminal.shows(/: I hate the word/);
  });

  test('45-30 45-44 each refusal is told, and nothing hangs', async () => {
    await using stage = new Stage(world());
    await using terminal = await sits(world());
    const juliet = await stage.irc('juliet');
    const [keyed, invited, banned, full, silent] = Array.from({ length: 5 }, () => stage.otherChannel());
    if (!keyed || !invited || !banned || !full || !silent) throw new Error('five channels');
    for (const [{ channel }, mode] of [
      [keyed, '+k verona'],
      [invited, '+i'],
      [banned, '+b benvolio!*@*'],
      [full, '+l 1'],
      [silent, '+m'],
    ] as const) {
      await juliet.enters(channel);
      await juliet.does(`MODE ${channel} ${mode}`);
    }
    const refused = async (room: string, reason: string): Promise<void> => {
      await terminal.types(`/join ${room} nick benvolio`);
      await terminal.shows(`Error joining room ${room}, reason: ${reason}`);
    };
    await refused(keyed.room, 'not-authorized');
    await refused(invited.room, 'registration-required');
    await refused(banned.room, 'forbidden');
    await refused(full.room, 'service-unavailable');
    await refused(world().room('#x').replace(ircName, 'nowhere.invalid'), 'remote-server-not-found');
    await refused(world().room('#a,b'), 'item-not-found');
    await terminal.types(`/join ${keyed.room} nick benvolio password verona`);
    await terminal.shows(`${joined} benvolio`);
    await terminal.types(`/join ${silent.room} nick benvolio`);
    await terminal.shows(new RegExp(`^ ${silent.channel} .*[^]*${joined}`));
    await terminal.types('can you hear me?');
    await terminal.shows(/Error from \S+: \S+ .*[Cc]annot send/);
  });

  test('114-53 kill -9 of the gateway: the person talks on in the same window', async () => {
    await using stage = new Stage(world());
    await using terminal = await sits(world());
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    await terminal.types(`/join ${stage.room} nick mercutio`);
    await terminal.shows(joined);
    await world().gateway.kill();
    await juliet.sees('mercutio', 'QUIT');
    await world().gateway.start();
    await juliet.sees('mercutio', 'JOIN');
    await terminal.types('a plague on both your houses');
    await juliet.hears({ nick: 'mercutio' }, 'a plague on both your houses');
    juliet.says('and on thine');
    await terminal.shows(`${juliet.nick}: and on thine`);
  });
});
