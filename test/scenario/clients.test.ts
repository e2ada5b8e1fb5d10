/** Leaving, losing the connection, coming back, and clients that are gone without having said so. */
import { describe, expect } from 'vitest';
import { gone, once, said, self, subject, there } from './lines.ts';
import { mantua, type Stage, scenario, verona } from './stage.ts';

/** One of each in the room. */
async function pair(stage: Stage) {
  const juliet = await stage.inhabitant('juliet', '#verona');
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  romeo.ignores();
  return { romeo, juliet };
}

describe('leaving', () => {
  scenario('45-55 45-56 who leaves and still answers is out at once, on the network too', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.leaves(verona, 'romeo');
    romeo.gets(gone('romeo', [110]));
    expect(juliet.saw).toEqual(['+romeo', '-romeo']);
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
  });

  scenario('45-27 the network sees a leave only when the last client leaves', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const phone = stage.client('romeo', 'phone');
    await phone.joins(verona, 'romeo');
    phone.ignores();
    await romeo.leaves(verona, 'romeo');
    romeo.gets(gone('romeo', [110]));
    await juliet.says('#verona', 'still there?');
    phone.gets(said('juliet', 'still there?'));
    romeo.gets();
    expect(juliet.saw).toEqual(['+romeo']);
    await phone.leaves(verona, 'romeo');
    expect(juliet.saw).toEqual(['+romeo', '-romeo']);
  });

  scenario('45-55 who leaves before the account has begun is not let in behind it', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    const joined = romeo.joins(verona, 'romeo');
    stage.clock.jump(1);
    await Promise.all([joined, romeo.leaves(verona, 'romeo')]);
    await stage.passes(1);
    romeo.gets(gone('romeo', [110]));
    expect(juliet.saw).toEqual([]);
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
  });

  scenario('45-55 who leaves before the account has begun, and comes again at once, is let in', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    const all = [romeo.joins(verona, 'romeo')];
    stage.clock.jump(1);
    all.push(romeo.leaves(verona, 'romeo'));
    stage.clock.jump(1);
    all.push(romeo.joins(verona, 'romeo'));
    stage.clock.jump(1);
    all.push(romeo.says(verona, 'here again'));
    await Promise.all(all);
    await stage.passes(1);
    romeo.gets(gone('romeo', [110]), there('juliet'), self('romeo'), subject(), said('romeo', 'here again'));
    expect(juliet.saw).toEqual(['+romeo']);
  });

  scenario('leaving one room of two keeps the account; leaving both ends it', async (stage) => {
    const { romeo } = await pair(stage);
    await romeo.joins(mantua, 'romeo');
    await romeo.leaves(verona, 'romeo');
    expect(await stage.accounts()).toEqual({ running: 1, stored: 1 });
    await romeo.leaves(mantua, 'romeo');
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
  });

  scenario('45-55 leaving a room that one is not in says nothing to anybody', async (stage) => {
    const { juliet } = await pair(stage);
    const paris = stage.client('paris');
    await paris.leaves(verona, 'paris');
    paris.gets();
    expect(juliet.saw).toEqual(['+romeo']);
  });

  scenario('who comes back while the network is still being told of the leave is let in behind it', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.joins(mantua, 'romeo');
    romeo.ignores();
    await stage.whileHeld('leave', async () => {
      await romeo.leaves(verona, 'romeo');
      romeo.gets(gone('romeo', [110]));
      await romeo.joins(verona, 'romeo');
      romeo.gets();
    });
    romeo.gets(there('juliet'), self('romeo'), subject());
    expect(juliet.saw).toEqual(['+romeo', '-romeo', '+romeo']);
    await romeo.says(verona, 'I am back');
    expect(juliet.heard).toEqual(['romeo: I am back']);
  });

  scenario('who joins again while the account is being closed gets a new one', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.leaves(verona, 'romeo');
    await romeo.joins(verona, 'romeo');
    romeo.gets(gone('romeo', [110]), there('juliet'), self('romeo'), subject());
    await romeo.sends(
      `<presence type='unavailable' to='${verona}/romeo'/>`,
      `<presence id='join' to='${verona}/romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
    );
    romeo.gets(gone('romeo', [110]), there('juliet'), self('romeo'), subject());
    expect(stage.members('#verona')).toEqual(['juliet', 'romeo']);
    expect(juliet.saw.at(-1)).toBe('+romeo');
  });
});

describe('lost connections', () => {
  scenario('45-56 a lost connection lingers: the network sees nothing', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.loses();
    await stage.passes(299);
    expect(juliet.saw).toEqual(['+romeo']);
    expect(stage.members('#verona')).toEqual(['juliet', 'romeo']);
  });

  scenario('45-56 linger over: the room is left, and the network with it', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.loses();
    await stage.passes(301);
    expect(juliet.saw).toEqual(['+romeo', '-romeo']);
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
  });

  scenario('who comes back in time gets what was missed, once and in order', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await juliet.says('#verona', 'before');
    await stage.passes(1);
    await romeo.loses();
    for (const text of ['one', 'two', 'three']) await juliet.says('#verona', text);
    await stage.passes(100);
    romeo.ignores();
    romeo.connection = 'online';
    await romeo.joins(verona, 'romeo');
    romeo.gets(
      there('juliet'),
      self('romeo'),
      once('juliet', 'one'),
      once('juliet', 'two'),
      once('juliet', 'three'),
      subject(),
    );
    await stage.passes(1000);
    expect(juliet.saw).toEqual(['+romeo']);
  });

  scenario('the same before the question whether it is still there has been answered', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await juliet.says('#verona', 'before');
    await stage.passes(1);
    romeo.connection = 'silent';
    await romeo.leaves(verona, 'romeo');
    await juliet.says('#verona', 'one');
    romeo.ignores();
    await romeo.joins(verona, 'romeo');
    romeo.gets(there('juliet'), self('romeo'), once('juliet', 'one'), subject());
    await stage.passes(1000);
    expect(juliet.saw).toEqual(['+romeo']);
  });

  scenario(
    '45-56 313-03 a new stream under the same resource, whose client enters again in its own time: nobody sees it, nothing is missed',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await romeo.loses(true);
      await juliet.says('#verona', 'one');
      await stage.passes(10);
      await juliet.says('#verona', 'two');
      romeo.ignores();
      await romeo.joins(verona, 'romeo');
      romeo.gets(there('juliet'), self('romeo'), once('juliet', 'one'), once('juliet', 'two'), subject());
      await stage.passes(1000);
      expect(juliet.saw).toEqual(['+romeo']);
    },
  );

  scenario('45-56 and one that does not enter again has left', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.loses(true);
    await stage.passes(14);
    expect(juliet.saw).toEqual(['+romeo']);
    await stage.passes(2);
    expect(juliet.saw).toEqual(['+romeo', '-romeo']);
  });

  scenario('45-56 who was back and was lost once more is waited for anew', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.loses(true);
    await stage.passes(5);
    await romeo.joins(verona, 'romeo');
    await romeo.loses();
    await stage.passes(200);
    expect(juliet.saw).toEqual(['+romeo']);
  });

  scenario('who asks for history by itself gets what it asked for, not what was missed', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.loses();
    await juliet.says('#verona', 'one');
    romeo.connection = 'online';
    romeo.ignores();
    await romeo.joins(verona, 'romeo', `<history maxstanzas='0'/>`);
    romeo.gets(there('juliet'), self('romeo'), subject());
  });

  scenario('a second client keeps the room; the lost one gets what it missed all the same', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const phone = stage.client('romeo', 'phone');
    await phone.joins(verona, 'romeo');
    await phone.loses();
    await juliet.says('#verona', 'one');
    romeo.gets(said('juliet', 'one'));
    await stage.passes(1000);
    expect(juliet.saw).toEqual(['+romeo']);
    expect(stage.members('#verona')).toContain('romeo');
  });

  scenario('45-56 a client that leaves does not end the wait for another that was lost', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const phone = stage.client('romeo', 'phone');
    await phone.joins(verona, 'romeo');
    phone.ignores();
    await phone.loses();
    await stage.passes(100);
    await romeo.leaves(verona, 'romeo');
    expect(juliet.saw).toEqual(['+romeo']);
    await juliet.says('#verona', 'wherefore art thou?');
    phone.connection = 'online';
    await phone.joins(verona, 'romeo');
    phone.gets(there('juliet'), self('romeo'), said('juliet', 'wherefore art thou?'), subject());
    await phone.loses();
    await stage.passes(300);
    expect(juliet.saw).toEqual(['+romeo', '-romeo']);
  });

  scenario('45-56 and that one is waited for no longer than without the leave', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const phone = stage.client('romeo', 'phone');
    await phone.joins(verona, 'romeo');
    await phone.loses();
    await stage.passes(200);
    await romeo.leaves(verona, 'romeo');
    await stage.passes(99);
    expect(juliet.saw).toEqual(['+romeo']);
    await stage.passes(1);
    expect(juliet.saw).toEqual(['+romeo', '-romeo']);
  });

  scenario('45-59 a client that bounces what it is sent is out, and is waited for', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    romeo.connection = 'offline';
    await juliet.says('#verona', 'anybody?');
    expect(stage.gateway.domain.runner.size).toBe(1);
    romeo.connection = 'online';
    await juliet.says('#verona', 'nobody');
    romeo.gets();
    await stage.passes(301);
    expect(juliet.saw).toEqual(['+romeo', '-romeo']);
  });

  scenario(
    'who has left a room of thousands is not put back into it, though the gateway is killed in the same moment',
    async (stage) => {
      const [romeo, phone] = [stage.client(), stage.client('romeo', 'phone')];
      stage.crowd('#verona', 2_000);
      for (const client of [romeo, phone]) await client.joins(verona, 'romeo');
      await stage.passes(5);
      await phone.leaves(verona, 'romeo');
      phone.ignores();
      await stage.restarts('kill');
      await stage.passes(5);
      await romeo.says(verona, 'peace', 'm1');
      phone.gets();
    },
  );

  scenario(
    'a room that is kept for good is not left when the linger is over',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await romeo.loses();
      await stage.passes(10_000);
      await romeo.loses();
      expect(juliet.saw).toEqual(['+romeo']);
      expect(stage.gateway.domain.runner.size).toBe(1);
    },
    { options: { persistent: true } },
  );

  scenario(
    '45-58 a room that is kept for good is kept when its last client leaves',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await romeo.leaves(verona, 'romeo');
      await stage.passes(10_000);
      expect(juliet.saw).toEqual(['+romeo']);
    },
    { options: { persistent: true } },
  );
});
