/** What a plumbing lives through: restarts of everything, outages, kicks, bans, names that are taken, crowds. Nothing is lost, nothing is told twice. */
import { describe, expect } from 'vitest';
import { asks, heard, herald, plumbedScenario } from './plumbed.ts';
import { verona } from './stage.ts';

describe('restarts of the gateway', () => {
  for (const how of ['keep', 'kill'] as const) {
    plumbedScenario(`${how}: what both sides said meanwhile is told once, in order`, async (plumbed) => {
      const { stage, room, muc, owner } = plumbed;
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      await tybalt.says('#verona', 'before');
      await owner.says(room, 'one', 's1');
      await plumbed.passes(2);
      await stage.gateway.stop(how);
      await stage.calm();
      await owner.says(room, 'two', 's2');
      await owner.says(room, 'three', 's3');
      await stage.gateway.start();
      await stage.calm();
      await owner.says(room, 'four', 's4');
      await tybalt.says('#verona', 'after');
      await plumbed.passes(30);
      expect(tybalt.heard).toEqual(['one', 'two', 'three', 'four'].map((text) => `piazza: <owner> ${text}`));
      expect(heard(owner)).toEqual([
        'tybalt: before',
        'owner: one',
        'owner: two',
        'owner: three',
        'owner: four',
        'tybalt: after',
      ]);
      expect(new Set(muc.nicks(room))).toEqual(new Set([herald, 'owner', 'tybalt']));
    });
  }

  plumbedScenario('kill in the moment after something was said: the same', async (plumbed) => {
    const { stage, room, owner } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await owner.says(room, 'one', 's1');
    await tybalt.says('#verona', 'before');
    await stage.gateway.stop('kill');
    await stage.calm();
    await owner.says(room, 'two', 's2');
    await stage.gateway.start();
    await plumbed.passes(30);
    expect(tybalt.heard).toEqual(['piazza: <owner> one', 'piazza: <owner> two']);
    expect(heard(owner)).toEqual(['owner: one', 'tybalt: before', 'owner: two']);
  });

  plumbedScenario(
    'kill in the moment after it was agreed to: what is said from then on is passed on',
    async (plumbed) => {
      const { stage, room, owner } = plumbed;
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      await stage.gateway.stop('kill');
      await stage.clock.advance(1_000);
      await owner.says(room, 'one', 's1');
      await stage.gateway.start();
      await plumbed.passes(30);
      expect(tybalt.heard).toEqual(['piazza: <owner> one']);
    },
  );

  plumbedScenario('kill: what the MUC had not said back is said again, what it had is not', async (plumbed) => {
    const { stage, room, muc, owner } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'one');
    await plumbed.passes(2);
    muc.isAway = true;
    await tybalt.says('#verona', 'two');
    // The archive has it within a second.
    await plumbed.passes(2);
    await stage.gateway.stop('kill');
    muc.isAway = false;
    await stage.gateway.start();
    await plumbed.passes(40);
    expect(muc.said(room).filter((line) => line.startsWith('tybalt'))).toEqual(['tybalt: one', 'tybalt: two']);
    expect(heard(owner)).toEqual(['tybalt: one', 'tybalt: two']);
  });

  plumbedScenario('the MUC’s archive does not go back so far: what it has is told', async (plumbed) => {
    const { stage, room, muc, owner } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await owner.says(room, 'last week', 's0');
    await plumbed.passes(5);
    await stage.gateway.stop('kill');
    muc.forgets(room);
    await plumbed.passes(5);
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`);
    for (const line of lines) await owner.says(room, line, line);
    await stage.gateway.start();
    await plumbed.passes(30);
    expect(tybalt.heard.slice(1)).toEqual(lines.map((line) => `piazza: <owner> ${line}`));
    muc.forgets(room);
    stage.server.isMucLost = true;
    await owner.says(room, 'nobody hears it', 's1');
    stage.server.isMucLost = false;
    await plumbed.passes(310);
    expect(tybalt.heard.at(-1)).toBe('piazza: <owner> nobody hears it');
  });

  plumbedScenario(
    'of a long past the last two thousand lines are said, in order, before what is new',
    async (plumbed) => {
      const { stage, room, owner } = plumbed;
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      await owner.says(room, 'before', 's0');
      await plumbed.passes(2);
      await stage.gateway.stop('kill');
      const lines = Array.from({ length: 2_150 }, (_, i) => `line ${i}`);
      for (const line of lines) void owner.says(room, line, line);
      await stage.calm();
      await stage.gateway.start();
      await plumbed.passes(30);
      await owner.says(room, 'after', 's1');
      expect(tybalt.heard).toEqual(['before', ...lines.slice(150), 'after'].map((text) => `piazza: <owner> ${text}`));
    },
  );

  plumbedScenario('without an archive of the MUC its history serves', async (plumbed) => {
    const { stage, room, muc, owner } = plumbed;
    muc.hasArchive = false;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await owner.says(room, 'one', 's1');
    await plumbed.passes(5);
    await stage.gateway.stop('kill');
    await plumbed.passes(5);
    await owner.says(room, 'two', 's2');
    await stage.gateway.start();
    await plumbed.passes(30);
    expect(tybalt.heard).toEqual(['piazza: <owner> one', 'piazza: <owner> two']);
  });

  plumbedScenario('ghosts of before a kill are sent away', async (plumbed) => {
    const { stage, room, muc } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'one');
    await stage.gateway.stop('kill');
    await tybalt.parts('#verona');
    await stage.gateway.start();
    await plumbed.passes(30);
    expect(muc.nicks(room)).toEqual(['owner', herald]);
  });

  plumbedScenario('farewell: all of ours leave', async (plumbed) => {
    const { stage, room, muc } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'one');
    await stage.gateway.stop('farewell');
    await stage.calm();
    expect(muc.nicks(room)).toEqual(['owner']);
    await stage.gateway.start();
    await plumbed.passes(30);
    expect(muc.nicks(room)).toEqual(['owner', herald]);
  });
});

describe('outages of the MUC', () => {
  for (const how of ['told', 'silently'] as const) {
    plumbedScenario(`it is restarted, ${how}: everybody comes back, nothing is lost`, async (plumbed) => {
      const { stage, room, muc, owner } = plumbed;
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      await tybalt.says('#verona', 'one');
      muc.restart(how);
      await stage.calm();
      await tybalt.says('#verona', 'two');
      await plumbed.passes(40);
      await owner.joins(room, 'owner');
      await tybalt.says('#verona', 'three');
      await owner.says(room, 'four', 's4');
      expect(muc.said(room).slice(2)).toEqual(['tybalt: one', 'tybalt: two', 'tybalt: three', 'owner: four']);
      expect(tybalt.heard).toEqual(['piazza: <owner> four']);
      expect(new Set(muc.nicks(room))).toEqual(new Set([herald, 'owner', 'tybalt']));
    });
  }

  plumbedScenario('its service reads rooms when somebody comes in: the plumbing stays', async (plumbed) => {
    const { stage, room, muc, owner, admin } = plumbed;
    await stage.gateway.stop('kill');
    muc.restart('silently');
    muc.change(room, { isAsleep: true });
    await stage.gateway.start();
    await plumbed.passes(10);
    expect(await asks(admin, 'plumbings')).toContain(room);
    await owner.joins(room, 'owner');
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'here we are');
    expect(heard(owner).at(-1)).toBe('tybalt: here we are');
  });

  for (const isTold of [true, false]) {
    plumbedScenario(`it can't be reached, and servers ${isTold ? 'say so' : 'say nothing'}`, async (plumbed) => {
      const { stage, room, muc, owner } = plumbed;
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      await tybalt.says('#verona', 'one');
      muc.isTold = isTold;
      muc.isAway = true;
      await tybalt.says('#verona', 'two');
      await plumbed.passes(400);
      await tybalt.says('#verona', 'three');
      await plumbed.passes(400);
      muc.isAway = false;
      await plumbed.passes(1300);
      expect(muc.said(room).slice(2)).toEqual(['tybalt: one', 'tybalt: two', 'tybalt: three']);
      await owner.says(room, 'four', 's4');
      expect(tybalt.heard).toEqual(['piazza: <owner> four']);
    });
  }

  plumbedScenario(
    'what the way to it loses in a moment that nobody notices is found in its archive',
    async (plumbed) => {
      const { stage, room, muc, owner } = plumbed;
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      await tybalt.says('#verona', 'one');
      await owner.says(room, 'uno', 's1');
      stage.server.isMucLost = true;
      await tybalt.says('#verona', 'two');
      await owner.says(room, 'due', 's2');
      await owner.says(room, 'tre', 's3');
      stage.server.isMucLost = false;
      await tybalt.says('#verona', 'three');
      await owner.says(room, 'quattro', 's4');
      await plumbed.passes(60);
      expect(tybalt.heard).toEqual(['uno', 'quattro', 'due', 'tre'].map((text) => `piazza: <owner> ${text}`));
      expect(muc.said(room).filter((line) => line.startsWith('tybalt'))).toEqual([
        'tybalt: one',
        'tybalt: three',
        'tybalt: two',
      ]);
      // Nobody speaks on the network, and nothing is doubted: it is looked after now and then.
      stage.server.isMucLost = true;
      await owner.says(room, 'cinque', 's5');
      stage.server.isMucLost = false;
      await plumbed.passes(310);
      expect(tybalt.heard.slice(4)).toEqual(['piazza: <owner> cinque']);
    },
  );

  plumbedScenario(
    'it answers one of ours never: others wait for a while, and the herald speaks for them',
    async (plumbed) => {
      const { stage, owner, muc } = plumbed;
      const [tybalt, romeo] = [await stage.inhabitant('tybalt', '#verona'), await stage.inhabitant('romeo', '#verona')];
      muc.ignores = 'tybalt@';
      await tybalt.says('#verona', 'one');
      await romeo.says('#verona', 'two');
      expect(heard(owner)).toEqual([]);
      await plumbed.passes(50);
      await tybalt.says('#verona', 'three');
      expect(heard(owner)).toEqual([`${herald}: <tybalt> one`, 'romeo: two', `${herald}: <tybalt> three`]);
      muc.ignores = undefined;
      await plumbed.passes(300);
      await tybalt.says('#verona', 'four');
      expect(heard(owner)).toEqual(['tybalt: four']);
    },
  );

  plumbedScenario('it says nothing for long: who made the plumbing is told, and when it is back', async (plumbed) => {
    const { muc, admin } = plumbed;
    admin.ignores();
    muc.isAway = true;
    await plumbed.passes(900);
    expect(plumbed.told(admin)).toEqual([expect.stringMatching(/does not let us in: its server can not be reached/)]);
    expect(await asks(admin, 'plumbings')).toMatch(/its server can not be reached/);
    admin.ignores();
    muc.isAway = false;
    await plumbed.passes(120);
    expect(plumbed.told(admin)).toEqual([expect.stringMatching(/are joined again/)]);
  });

  plumbedScenario('what it will not have is said twice at most', async (plumbed) => {
    const { stage, room, muc } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'one');
    muc.swallows = 'two';
    await tybalt.says('#verona', 'two');
    await tybalt.says('#verona', 'three');
    await plumbed.passes(200);
    muc.swallows = undefined;
    await plumbed.passes(400);
    expect(muc.said(room).filter((line) => line.startsWith('tybalt'))).toEqual(['tybalt: one', 'tybalt: three']);
    expect(muc.swallowed).toBe(2);
  });

  plumbedScenario('more is said meanwhile than is kept in mind', async (plumbed) => {
    const { stage, room, muc } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'first');
    muc.restart('told');
    for (let i = 0; i < 1_500; i++) void tybalt.says('#verona', `line ${i}`);
    await stage.calm();
    for (let i = 0; i < 10; i++) await plumbed.passes(20);
    const said = muc.said(room).filter((line) => line.startsWith('tybalt: line'));
    expect(said).toEqual(Array.from({ length: 1_500 }, (_, i) => `tybalt: line ${i}`));
  });
});

describe('moderation in the MUC', () => {
  plumbedScenario('who is kicked is silent for five minutes, and not spoken for', async (plumbed) => {
    const { stage, room, muc, owner } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'one');
    muc.kick(room, 'tybalt', 'peace');
    await stage.calm();
    await tybalt.says('#verona', 'two');
    await plumbed.passes(301);
    await tybalt.says('#verona', 'three');
    expect(heard(owner)).toEqual(['tybalt: one', 'tybalt: three']);
  });

  plumbedScenario('who is banned stays out, others are heard', async (plumbed) => {
    const { stage, room, muc, owner } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    const benvolio = await stage.inhabitant('benvolio', '#verona');
    await tybalt.says('#verona', 'one');
    muc.ban(room, 'tybalt', 'peace');
    await stage.calm();
    await tybalt.says('#verona', 'two');
    await benvolio.says('#verona', 'three');
    await plumbed.passes(3_700);
    await tybalt.says('#verona', 'four');
    expect(heard(owner)).toEqual(['tybalt: one', 'benvolio: three']);
  });

  plumbedScenario('a kicked herald comes back after a while, with what it missed', async (plumbed) => {
    const { stage, room, muc, owner, admin } = plumbed;
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    admin.ignores();
    muc.kick(room, herald, 'hush');
    await stage.calm();
    const why = 'the MUC does not let us in: a moderator put our occupant out. It is tried again.';
    expect(plumbed.told(admin)).toEqual([`${herald} and ${room}: ${why}`]);
    expect(await asks(admin, 'plumbings')).toContain(why);
    admin.ignores();
    await owner.says(room, 'alone at last', 's1');
    await plumbed.passes(20);
    expect([muc.nicks(room), tybalt.heard]).toEqual([['owner'], []]);
    await plumbed.passes(60);
    expect(plumbed.told(admin)).toEqual([`${herald} and ${room} are joined again.`]);
    expect(muc.nicks(room)).toEqual(['owner', herald]);
    expect(tybalt.heard).toEqual(['piazza: <owner> alone at last']);
  });

  plumbedScenario('a name that is taken gets the suffix; the herald speaks where nothing helps', async (plumbed) => {
    const { stage, room, muc, owner } = plumbed;
    await plumbed.guest('tybalt');
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'hello');
    expect(muc.nicks(room)).toContain('tybalt (bridged)');
    for (const nick of ['romeo', 'romeo (bridged)', 'romeo (bridged) 2']) await plumbed.guest(nick);
    const romeo = await stage.inhabitant('romeo', '#verona');
    await romeo.says('#verona', 'hello');
    expect(heard(owner)).toEqual(['tybalt (bridged): hello', `${herald}: <romeo> hello`]);
  });

  plumbedScenario('a room that only members enter later: the herald speaks', async (plumbed) => {
    const { stage, room, muc, owner } = plumbed;
    muc.change(room, { isMembersOnly: true });
    const tybalt = await stage.inhabitant('tybalt', '#verona');
    await tybalt.says('#verona', 'hello');
    await tybalt.says('#verona', '/me bows');
    expect(heard(owner)).toEqual([`${herald}: <tybalt> hello`, `${herald}: * tybalt bows`]);
  });
});

plumbedScenario('of more than two hundred who speak the least recent leave; who is busy stays', async (plumbed) => {
  const { stage, room, muc } = plumbed;
  const people = [];
  for (let i = 0; i < 205; i++) people.push(await stage.inhabitant(`citizen${i}`, '#verona'));
  for (const [i, person] of people.entries()) {
    if (i === 203) await plumbed.passes(61);
    await person.says('#verona', 'hear me');
  }
  const said = muc.said(room).slice(2);
  expect(said).toHaveLength(205);
  expect(said.filter((line) => line.startsWith(herald))).toHaveLength(3);
  const nicks = muc.nicks(room);
  expect(nicks).toHaveLength(202);
  expect(nicks).not.toContain('citizen0');
  expect(nicks).toContain('citizen204');
});

plumbedScenario('clients of ours in the same room see and hear as ever', async (plumbed) => {
  const { stage, room, owner } = plumbed;
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  romeo.ignores();
  await owner.says(room, 'hello', 's1');
  expect(heard(romeo)).toEqual(['piazza: <owner> hello']);
  await romeo.says(verona, 'hello yourself', 'm1');
  expect(heard(owner)).toEqual(['owner: hello', 'romeo: hello yourself']);
});
