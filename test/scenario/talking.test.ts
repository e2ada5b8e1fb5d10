/** What is said, done and asked in rooms and to people. */
import { describe, expect } from 'vitest';
import { GatewayError, personId } from '../../src/bridge/index.ts';
import { defaultCaps } from '../../src/delivery/outbox.ts';
import { failed, gone, said, self, subject, there } from './lines.ts';
import { type Stage, scenario, verona } from './stage.ts';

async function pair(stage: Stage) {
  const juliet = await stage.inhabitant('juliet', '#verona', 'moderator');
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  romeo.ignores();
  return { romeo, juliet };
}

const muc = 'http://jabber.org/protocol/muc#user';

describe('talking in a room', () => {
  scenario('45-40 what is said comes back to its sender with its id when the network has it', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await stage.whileHeld('send', async () => {
      await romeo.says(verona, 'but soft', 'm1');
      romeo.gets();
    });
    romeo.gets(said('romeo', 'but soft', 'm1'));
    expect(juliet.heard).toEqual(['romeo: but soft']);
  });

  scenario('45-40 fifty at once keep their order on both sides', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const lines = Array.from({ length: 50 }, (_, n) => `line ${n}`);
    await romeo.sends(
      ...lines.map((text) => `<message type='groupchat' id='${text}' to='${verona}'><body>${text}</body></message>`),
    );
    romeo.gets(...lines.map((text) => said('romeo', text, text)));
    expect(juliet.heard).toEqual(lines.map((text) => `romeo: ${text}`));
  });

  scenario('45-42 what the network refuses comes back as an error and never as sent', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    stage.refuses('#verona', new GatewayError('not-allowed-there', { text: 'No voice' }));
    await romeo.says(verona, 'but soft', 'm1');
    romeo.gets(failed('message', 'm1', 'auth', 'forbidden'));
    stage.refuses('#verona', undefined);
    await romeo.says(verona, 'again', 'm2');
    romeo.gets(said('romeo', 'again', 'm2'));
    expect(juliet.heard).toEqual(['romeo: again']);
  });

  scenario('a refusal for the moment holds the room back, in order, and nothing is lost', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    stage.refuses('#verona', new GatewayError('too-fast'));
    await romeo.says(verona, 'one');
    await romeo.says(verona, 'two');
    romeo.gets();
    stage.refuses('#verona', undefined);
    await stage.passes(10);
    romeo.gets(said('romeo', 'one', 'one'), said('romeo', 'two', 'two'));
    expect(juliet.heard).toEqual(['romeo: one', 'romeo: two']);
  });

  scenario('114-53 the same stanza again is told again to its sender and to nobody else', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const phone = stage.client('romeo', 'phone');
    await phone.joins(verona, 'romeo');
    await romeo.says(verona, 'once', 'm1');
    phone.ignores();
    const [first] = romeo.gets(said('romeo', 'once', 'm1'));
    await romeo.says(verona, 'once', 'm1');
    const [second] = romeo.gets(said('romeo', 'once', 'm1'));
    expect(second).toEqual(first);
    phone.gets();
    expect(juliet.heard).toEqual(['romeo: once']);
  });

  scenario('what failed may be sent again with the same id', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    stage.refuses('#verona', new GatewayError('not-allowed-there'));
    await romeo.says(verona, 'let me', 'm1');
    stage.refuses('#verona', undefined);
    await romeo.says(verona, 'let me', 'm1');
    romeo.gets(failed('message', 'm1', 'auth', 'forbidden'), said('romeo', 'let me', 'm1'));
    expect(juliet.heard).toEqual(['romeo: let me']);
  });

  scenario('45-44 who is not in the room can not speak there', async (stage) => {
    const { juliet } = await pair(stage);
    const phone = stage.client('romeo', 'phone');
    await phone.says(verona, 'hello', 'm1');
    phone.gets(failed('message', 'm1', 'modify', 'not-acceptable'));
    const paris = stage.client('paris');
    await paris.says(verona, 'hello', 'm1');
    paris.gets(failed('message', 'm1', 'modify', 'not-acceptable'));
    expect(juliet.heard).toEqual([]);
  });

  scenario('a queue that is full is an error at once, and what is in it is still sent', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await stage.whileHeld('send', async () => {
      const all = Array.from({ length: defaultCaps.lane + 1 }, (_, n) => `m${n}`);
      await romeo.sends(
        ...all.map((id) => `<message type='groupchat' id='${id}' to='${verona}'><body>x</body></message>`),
      );
      romeo.gets(failed('message', `m${defaultCaps.lane}`, 'wait', 'resource-constraint'));
    });
    for (let i = 0; juliet.heard.length < defaultCaps.lane && i < 500; i++) await stage.calm();
    expect(juliet.heard).toHaveLength(defaultCaps.lane);
  });

  scenario('MSG-07 an action is told as one', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.says(verona, '/me sighs', 'm1');
    romeo.gets(said('romeo', '/me sighs', 'm1'));
    expect(juliet.heard).toEqual(['romeo: sighs']);
  });
});

describe('things that happen in a room', () => {
  scenario('45-51 45-52 a change of nick is the pair of 303 and the new presence', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.sends(`<presence to='${verona}/montague'/>`);
    romeo.gets(gone('romeo', [303, 110]), self('montague'));
    await juliet.renames('capulet');
    romeo.gets(gone('juliet', [303]), there('capulet', 'moderator'));
    expect(stage.members('#verona')).toEqual(['montague', 'capulet']);
  });

  scenario('45-53 a nick that somebody has: conflict, and the old one stays', async (stage) => {
    const { romeo } = await pair(stage);
    await romeo.sends(`<presence id='n1' to='${verona}/juliet'/>`);
    romeo.gets(failed('presence', 'n1', 'cancel', 'conflict'));
    await romeo.says(verona, 'still I', 'm1');
    romeo.gets(said('romeo', 'still I', 'm1'));
  });

  scenario('45-60 others come and go', async (stage) => {
    const { romeo } = await pair(stage);
    const nurse = await stage.inhabitant('nurse', '#verona');
    await nurse.parts('#verona');
    romeo.gets(there('nurse'), gone('nurse'));
  });

  scenario('45-61 kicked: 307 with actor and reason, and one may come back', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await juliet.kicks('romeo', '#verona', 'wherefore');
    romeo.gets(
      `<presence type='unavailable' from='${verona}/romeo'><x xmlns='${muc}'><item role='none'><actor nick='juliet'/><reason>wherefore</reason></item><status code='307'/><status code='110'/></x></presence>`,
    );
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
    await romeo.joins(verona, 'romeo');
    romeo.gets(there('juliet', 'moderator'), self('romeo'), subject());
  });

  scenario(
    '45-70 45-65 a moderator kicks: the network does it, the room sees it, then there is the result',
    async (stage) => {
      const { romeo } = await pair(stage);
      const tybalt = await stage.inhabitant('tybalt', '#verona');
      await stage.promotes('romeo', '#verona', 'moderator');
      romeo.ignores();
      await romeo.sends(
        `<iq type='set' id='k1' to='${verona}'><query xmlns='http://jabber.org/protocol/muc#admin'><item nick='tybalt' role='none'><reason>peace</reason></item></query></iq>`,
      );
      romeo.gets(gone('tybalt', [307]), `<iq type='result' id='k1' from='${verona}'/>`);
      expect(tybalt.events.at(-1)).toMatchObject({ kind: 'removed', how: 'kicked', reason: 'peace' });
    },
  );

  scenario('45-39 a topic set here is told once, to everybody', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.sends(`<message type='groupchat' id='t1' to='${verona}'><subject>Two households</subject></message>`);
    romeo.gets(subject('Two households'));
    await juliet.setsTopic('#verona', 'both alike in dignity');
    romeo.gets(subject('both alike in dignity'));
  });
});

describe('people, questions, and the end', () => {
  scenario('184-01 a private message earns its receipt when the network has it', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.sends(
      `<message type='chat' id='p1' to='juliet@net.test'><body>psst</body><request xmlns='urn:xmpp:receipts'/></message>`,
    );
    romeo.gets(`<message from='juliet@net.test'><received xmlns='urn:xmpp:receipts' id='p1'/></message>`);
    expect(juliet.heard).toEqual(['romeo: psst']);
  });

  scenario('MSG-01 a private message from the network comes from the contact', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await juliet.says('romeo', 'what light');
    romeo.gets(`<message type='chat' from='juliet@net.test/gateway' to='romeo@test'><body>what light</body></message>`);
  });

  scenario('45-46 a private message to an occupant reaches the person', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.sends(`<message type='chat' id='p1' to='${verona}/juliet'><body>psst</body></message>`);
    expect(juliet.events.at(-1)).toMatchObject({ kind: 'message', direct: true });
    await romeo.sends(`<message type='chat' id='p2' to='${verona}/nobody'><body>psst</body></message>`);
    romeo.gets(failed('message', 'p2', 'cancel', 'item-not-found'));
  });

  scenario('a private message to somebody who is not there is an error', async (stage) => {
    const { romeo } = await pair(stage);
    await romeo.sends(`<message type='chat' id='p1' to='nobody@net.test'><body>psst</body></message>`);
    romeo.gets(failed('message', 'p1', 'cancel', 'item-not-found'));
  });

  scenario(
    'GEN-01 an unknown question is answered, to a room, an occupant, a contact and the gateway',
    async (stage) => {
      const { romeo } = await pair(stage);
      for (const to of [verona, `${verona}/juliet`, 'juliet@net.test', 'net.test']) {
        await romeo.sends(`<iq type='get' id='q' to='${to}'><unheard xmlns='of'/></iq>`);
        romeo.gets(failed('iq', 'q', 'cancel', 'service-unavailable'));
      }
    },
  );

  scenario('410-01 410-02 a self-ping tells who is in and who is not', async (stage) => {
    const { romeo } = await pair(stage);
    const ping = `<iq type='get' id='p' to='${verona}/romeo'><ping xmlns='urn:xmpp:ping'/></iq>`;
    await romeo.sends(ping);
    romeo.gets(`<iq type='result' id='p'/>`);
    const phone = stage.client('romeo', 'phone');
    await phone.sends(ping);
    phone.gets(failed('iq', 'p', 'cancel', 'not-acceptable'));
  });

  scenario('45-25 presence to a room that one is not in: unavailable with 110, 307 and 333', async (stage) => {
    const phone = stage.client('romeo', 'phone');
    await phone.sends(`<presence to='${verona}/romeo'/>`);
    phone.gets(gone('romeo', [110, 307, 333]));
    await pair(stage);
    await phone.sends(`<presence to='${verona}/romeo'/>`);
    phone.gets(gone('romeo', [110, 307, 333]));
  });

  scenario(
    '45-151 the network ends the session: out of every room with 333, and the account is gone',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      stage.gateway.world.expel(personId('romeo'), 'Enough');
      await stage.calm();
      romeo.gets(gone('romeo', [110, 333]));
      expect(juliet.saw).toEqual(['+romeo', '-romeo']);
      expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
      await romeo.joins(verona, 'romeo');
      romeo.gets(there('juliet', 'moderator'), self('romeo'), subject());
    },
  );
});
