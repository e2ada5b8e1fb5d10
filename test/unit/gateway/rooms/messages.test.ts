/** CHECKLIST 11.4: what is said, its reflection, its ids, and who may speak. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import { messageId, personId } from '../../../../src/core/ids.ts';
import { toldBefore } from '../../../../src/gateway/rooms/archived.ts';
import { bodyOf, child, childrenOf, conditionOf } from '../../../harness/markup.ts';
import {
  createWorld,
  desk,
  inbox,
  inVerona,
  key,
  noon,
  origin,
  owner,
  phone,
  received,
  room,
  sendIntent,
  text,
  toRoom,
  verona,
} from './world.ts';

describe('45-40 447-01 a file that is announced before it can be fetched', () => {
  const file =
    "<file-sharing xmlns='urn:xmpp:sfs:0' id='f'><file xmlns='urn:xmpp:file:metadata:0'><name>cat.png</name></file></file-sharing>";
  const announced = (from: string) =>
    `<message type='groupchat' id='m1' from='${from}' to='${room}'>${file}<store xmlns='urn:xmpp:hints'/></message>`;

  test('comes back to its sender alone, who waits for its name in the room', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone, desk]);
    const { stanzas, ask } = world.hear(announced(phone));
    expect(ask).toBeUndefined();
    expect(stanzas).toMatchObject([
      { kind: 'message', type: 'groupchat', id: 'm1', from: `${room}/Romeo`, to: [phone] },
    ]);
    const [one] = inbox(stanzas, phone);
    expect(child(one, 'file-sharing', 'urn:xmpp:sfs:0')?.attrs.id).toBe('f');
    expect(child(one, 'stanza-id', 'urn:xmpp:sid:0')?.attrs).toMatchObject({ by: room });
    expect(world.archive).toEqual([]);
  });

  test('is refused where its sender is not in the room', () => {
    const world = inVerona(['Romeo'], [desk]);
    expect(inbox(world.hear(announced(phone)).stanzas, phone).map(conditionOf)).toEqual(['not-acceptable']);
  });
});

describe('other people', () => {
  test('45-40 359-03 421-02 to all clients at once, with our stanza-id and one occupant-id', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone, desk]);
    const stanzas = world.says('juliet', 'hello');
    expect(stanzas).toHaveLength(1);
    expect(stanzas[0]).toMatchObject({
      kind: 'message',
      type: 'groupchat',
      from: `${room}/juliet`,
      to: [phone, desk],
      keep: true,
    });
    const [one] = inbox(stanzas, phone);
    expect(child(one, 'stanza-id', 'urn:xmpp:sid:0')?.attrs).toEqual({ by: room, id: stanzas[0]?.id });
    expect(childrenOf(one, 'occupant-id').map((id) => id.attrs.id)).toEqual(['occupant-juliet']);
  });

  test('GEN-09 each has an id of its own', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const ids = Array.from({ length: 50 }, () => world.says('juliet', 'same')[0]?.id);
    expect(new Set(ids).size).toBe(50);
  });

  test('313-03 359-01 the archive gets what was sent: children, time, nick, ids, speaker, and its name on the network', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const [said] = world.says('juliet', 'a < b');
    expect(world.archive).toEqual([
      {
        account: 'romeo-on-net',
        chat: verona,
        id: said?.id,
        at: noon,
        nick: 'juliet',
        body: said?.body.text.replace(/<stanza-id .*/, ''),
        stanza: said?.id,
        refs: [{ id: expect.stringMatching(/^ref-/), part: 0 }],
        by: 'juliet',
      },
    ]);
    const [row] = world.archive;
    expect(row && toldBefore(room, row)?.text).toBe(said?.body.text);
  });

  test('the archive fills while nobody of ours is in', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    world.hear(`<presence type='unavailable' from='${phone}' to='${room}/Romeo'/>`);
    expect(world.says('juliet', 'anybody?')).toEqual([]);
    expect(world.archive).toHaveLength(1);
  });

  test('421-03 what we have said before we come in is ours', () => {
    const world = createWorld();
    world.begin(phone, 'Romeo');
    world.says('Romeo', 'but soft', { history: true });
    world.says('juliet', 'ay me', { history: true });
    expect(world.archive.map(({ body }) => /<occupant-id .* id='(.*?)'/.exec(body)?.[1])).toEqual([
      `occupant-${owner}`,
      'occupant-juliet',
    ]);
  });

  test('the nick is the one in the message, whatever the list says', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const [said] = world.says('Julia', 'x', { by: personId('juliet') });
    expect(said?.from).toBe(`${room}/Julia`);
    expect(said && child(received(said, phone), 'occupant-id')?.attrs.id).toBe('occupant-juliet');
  });

  test('MSG-09 what is played back and was told is not told again', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const ref = { id: messageId('m1'), part: 0 };
    world.says('juliet', 'once', { ref });
    expect(world.says('juliet', 'once', { ref, history: true })).toEqual([]);
    expect(world.says('juliet', 'other', { ref: { id: messageId('m2'), part: 0 }, history: true })).toHaveLength(1);
    expect(world.archive).toHaveLength(2);
  });

  test('nothing to show is nothing', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    expect(world.says('juliet', '', { content: {} })).toEqual([]);
    expect(world.says('juliet', '', { content: text('') })).toEqual([]);
    expect(world.archive).toEqual([]);
  });

  test('MSG-07 an action begins with /me', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const [said] = world.says('juliet', '', { content: { ...text('waves'), action: true } });
    expect(said && bodyOf(received(said, phone))).toBe('/me waves');
  });

  test('MSG-06 a thread is kept', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const [said] = world.says('juliet', '', { content: { ...text('x'), thread: 'balcony' } });
    expect(said && child(received(said, phone), 'thread')?.children).toEqual(['balcony']);
  });

  test('files are their addresses, in the body and out of band', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const files = [
      { url: 'https://example.org/1', name: '1' },
      { url: 'https://example.org/2?a&b', name: '2' },
    ];
    const [said] = world.says('juliet', '', { content: { ...text('see'), files } });
    const one = said && received(said, phone);
    expect(one && bodyOf(one)).toBe('see\nhttps://example.org/1\nhttps://example.org/2?a&b');
    expect(childrenOf(one, 'x').map((x) => child(x, 'url')?.children)).toEqual([
      ['https://example.org/1'],
      ['https://example.org/2?a&b'],
    ]);
  });

  test('a room that nobody of ours entered is nobody’s business', () => {
    const world = createWorld();
    expect(world.says('juliet', 'hello')).toEqual([]);
    expect(world.list('Romeo')).toEqual([]);
    expect(world.topic({ topic: 'x' })).toEqual([]);
    expect(world.face.rooms()).toEqual([]);
  });
});

describe('ours', () => {
  test('45-40 421-03 the reflection: same id, all clients, our stanza-id, the bare JID’s occupant-id, origin-id kept', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    const asked = toRoom(phone, 'm1', { originId: 'o1' });
    world.face.sending(key('1'), sendIntent('hi'), asked);
    const stanzas = world.says('Romeo', 'hi', { sentBy: key('1') });
    expect(stanzas[0]).toMatchObject({ id: 'm1', to: [phone, desk], from: `${room}/Romeo`, keep: true });
    const [one] = inbox(stanzas, desk);
    expect(child(one, 'origin-id')?.attrs.id).toBe('o1');
    expect(childrenOf(one, 'stanza-id')).toHaveLength(1);
    expect(child(one, 'stanza-id')?.attrs.id).not.toBe('m1');
    expect(child(one, 'occupant-id')?.attrs.id).toBe(`occupant-${owner}`);
    expect(world.archive[0]).toMatchObject({ stanza: 'm1', id: child(one, 'stanza-id')?.attrs.id });
  });

  test('45-42 echo and confirmation make one reflection', () => {
    const world = inVerona(['Romeo'], [phone]);
    const asked = toRoom(phone, 'm1');
    world.face.sending(key('1'), sendIntent('hi'), asked);
    expect(world.says('Romeo', 'hi', { sentBy: key('1') })).toHaveLength(1);
    expect(world.says('Romeo', 'hi', { sentBy: key('1') })).toEqual([]);
    const { stanzas, archive } = world.face.done(key('1'), sendIntent('hi'), asked, { at: noon });
    expect([stanzas, archive]).toEqual([[], []]);
  });

  test('45-41 without an echo the confirmation is the reflection, at the network’s time', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    const asked = toRoom(phone, 'm1');
    world.face.sending(key('1'), sendIntent('hi'), asked);
    const { stanzas, archive } = world.face.done(key('1'), sendIntent('hi'), asked, { at: noon - 5 });
    expect(stanzas[0]).toMatchObject({ id: 'm1', to: [phone, desk] });
    expect(archive[0]).toMatchObject({ at: noon - 5, nick: 'Romeo' });
  });

  test('45-41 a second attempt of the same message is still one message', () => {
    const world = inVerona(['Romeo'], [phone]);
    const asked = toRoom(phone, 'm1');
    world.face.sending(key('1'), sendIntent('hi'), asked);
    expect(world.says('Romeo', 'hi', { sentBy: key('1') })).toHaveLength(1);
    world.face.sending(key('1'), sendIntent('hi'), asked);
    expect(world.face.done(key('1'), sendIntent('hi'), asked).stanzas).toEqual([]);
  });

  test('45-43 what was really sent is what is reflected, archived and told again', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    const asked = toRoom(phone, 'm1');
    world.face.sending(key('1'), sendIntent('too long'), asked);
    const { stanzas, result = '' } = world.face.done(key('1'), sendIntent('too long'), asked, {
      at: noon,
      text: 'too',
    });
    expect(inbox(stanzas, desk).map(bodyOf)).toEqual(['too']);
    const again = world.face.again(sendIntent('too long'), asked, result);
    expect(inbox(again, phone).map(bodyOf)).toEqual(['too']);
  });

  test('45-43 what was sent instead of a file stands for it', () => {
    const world = inVerona(['Romeo'], [phone]);
    const asked = toRoom(phone, 'm1');
    const intent = { ...sendIntent(''), content: { files: [{ url: 'https://example.org/f', name: 'f' }] } };
    world.face.sending(key('1'), intent, asked);
    const { stanzas } = world.face.done(key('1'), intent, asked, { at: noon, text: 'https://example.org/f' });
    expect(inbox(stanzas, phone).map(bodyOf)).toEqual(['https://example.org/f']);
  });

  test('again: only the sender, with the same id and the same stanza-id, even when the nick has changed since', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    const asked = toRoom(phone, 'm1');
    world.face.sending(key('1'), sendIntent('hi'), asked);
    const [first] = world.says('Romeo', 'hi', { sentBy: key('1') });
    const { result = '' } = world.face.done(key('1'), sendIntent('hi'), asked);
    world.changes({ is: 'renamed', person: personId('romeo'), nick: 'Montague' });
    const again = world.face.again(sendIntent('hi'), asked, result);
    expect(again).toHaveLength(1);
    expect(again[0]).toMatchObject({ to: [phone], id: 'm1', from: `${room}/Romeo` });
    expect(again[0]?.body.text).toBe(first?.body.text);
  });

  test('again after a restart, when the room is not open any more', () => {
    const world = createWorld();
    const [told] = world.face.again(sendIntent('hi'), toRoom(phone, 'm1'), JSON.stringify(['sid', 'Romeo']));
    expect(told).toMatchObject({ from: `${room}/Romeo`, to: [phone], id: 'm1' });
    expect(told && child(received(told, phone), 'occupant-id')?.attrs.id).toBe(`occupant-${owner}`);
  });

  test.each(['', '{', '[]', '[1,2]', '{"a":1}', 'null'])(
    'again with a result that is none of ours says nothing: %s',
    (result) => {
      expect(createWorld().face.again(sendIntent('hi'), toRoom(phone, 'm1'), result)).toEqual([]);
    },
  );

  test('words of ours that nobody here sent are shown under a fresh id', () => {
    const world = inVerona(['Romeo'], [phone]);
    const [said] = world.says('Romeo', 'from elsewhere', { sentBy: key('unknown') });
    expect(said?.from).toBe(`${room}/Romeo`);
    expect(said && child(received(said, phone), 'occupant-id')?.attrs.id).toBe(`occupant-${owner}`);
  });

  test('a refused message comes back to its sender alone, and a late echo of it is a message of its own', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    const asked = toRoom(phone, 'm1');
    world.face.sending(key('1'), sendIntent('hi'), asked);
    const { stanzas } = world.face.failed(key('1'), sendIntent('hi'), asked, new GatewayError('not-allowed-there'));
    expect(stanzas).toHaveLength(1);
    expect(stanzas[0]).toMatchObject({ type: 'error', from: room, to: [phone], id: 'm1' });
    expect(stanzas[0]?.keep).toBeUndefined();
    expect(world.says('Romeo', 'hi', { sentBy: key('1') })[0]?.id).not.toBe('m1');
  });

  test('confirmed after we left the room: nobody to tell, no crash', () => {
    const world = inVerona(['Romeo'], [phone]);
    const asked = toRoom(phone, 'm1');
    world.face.sending(key('1'), sendIntent('hi'), asked);
    world.event({ kind: 'removed', chat: verona, how: 'kicked', at: new Date(noon) });
    expect(world.face.done(key('1'), sendIntent('hi'), asked).stanzas).toEqual([]);
  });

  test.each([true, false])(
    'MSG-09 confirmed behind a kick it is kept once, as the room has it (echo: %s)',
    (echoes) => {
      const world = inVerona(['romeo'], [phone]);
      const asked = toRoom(phone, 'm1', { originId: 'o1' });
      const refs = [{ id: messageId('a'), part: 0 }];
      world.face.sending(key('1'), sendIntent('hi'), asked);
      if (echoes) world.says('romeo', 'hi', { sentBy: key('1') });
      world.event({ kind: 'removed', chat: verona, how: 'kicked', at: new Date(noon) });
      const { archive } = world.face.done(key('1'), sendIntent('hi'), asked, { at: noon, refs });
      const rows = [...world.archive, ...archive];
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({ nick: 'romeo', stanza: 'm1', at: noon });
      expect(rows[0]?.body).toContain(`<occupant-id xmlns='urn:xmpp:occupant-id:0' id='occupant-${owner}'/>`);
    },
  );

  test('a message without an id is reflected under ours', () => {
    const world = inVerona(['Romeo'], [phone]);
    const asked = origin(phone, room, { via: 'message', type: 'groupchat' });
    world.face.sending(key('1'), sendIntent('hi'), asked);
    const [said] = world.face.done(key('1'), sendIntent('hi'), asked).stanzas;
    expect(said?.id).toBe(said && child(received(said, phone), 'stanza-id')?.attrs.id);
  });
});

describe('who may speak', () => {
  const check =
    (world: ReturnType<typeof createWorld>, from: string, intent = sendIntent('x')) =>
    () =>
      world.face.check(intent, toRoom(from, 'm'));
  const code = (run: () => void): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof GatewayError) return `${error.condition} ${error.type}`;
      throw error;
    }
    return 'fine';
  };

  test('45-44 who is in', () => {
    const world = inVerona(['Romeo'], [phone]);
    expect(code(check(world, phone))).toBe('fine');
    expect(code(check(world, desk))).toBe('not-acceptable modify');
    expect(code(check(createWorld(), phone))).toBe('not-acceptable modify');
  });

  test('45-44 who is still being let in may not yet', () => {
    const world = inVerona(['Romeo'], [desk]);
    world.begin(phone, 'Romeo');
    expect(code(check(world, phone))).toBe('not-acceptable modify');
  });

  test('45-46 privately: only from inside, and to somebody', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    expect(code(check(world, phone, { ...sendIntent('x'), privately: 'juliet' }))).toBe('fine');
    expect(code(check(world, phone, { ...sendIntent('x'), privately: 'nobody' }))).toBe('item-not-found cancel');
    expect(code(check(world, desk, { ...sendIntent('x'), privately: 'juliet' }))).toBe('not-acceptable modify');
    expect(world.face.whois(verona, 'juliet')).toBe('juliet');
    expect(world.face.whois(verona, 'nobody')).toBeUndefined();
  });
});
