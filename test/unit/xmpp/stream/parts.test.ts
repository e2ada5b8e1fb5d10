/** What rides on the stream, each by itself: batches, barriers, requests that wait. */
import { describe, expect, test } from 'vitest';
import { parse } from '../../../../src/xml/document.ts';
import { createBarrier } from '../../../../src/xmpp/stream/barrier.ts';
import { createBatch } from '../../../../src/xmpp/stream/batch.ts';
import { createPending, newId } from '../../../../src/xmpp/stream/pending.ts';
import { LinkSocket } from '../../../../src/xmpp/stream/socket.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { TestClock } from './fake-server.ts';

/** A socket that keeps what is written, and is full on demand. */
class Sink extends LinkSocket {
  readonly writes: string[] = [];
  isFull = false;
  override write(text: string): boolean {
    this.writes.push(text);
    return !this.isFull;
  }
  override get full(): boolean {
    return this.isFull;
  }
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('batch', () => {
  test('one write a turn, in pieces of about 64 KiB', async () => {
    const sink = new Sink(createManualClock());
    const batch = createBatch(() => undefined);
    batch.attach(sink);
    for (const text of ['a', 'b', 'c']) expect(batch.write(text)).toBe(true);
    expect(sink.writes).toEqual([]);
    await turn();
    expect(sink.writes).toEqual(['abc']);
    for (let i = 0; i < 300; i++) batch.write('x'.repeat(1024));
    await turn();
    expect(sink.writes.slice(1).map((text) => text.length)).toEqual([65_536, 65_536, 65_536, 65_536, 45_056, 1_024]);
  });

  test('behind more than one read may take come as many blanks as the longest stanza has, even where that was written already', async () => {
    const sink = new Sink(createManualClock());
    const batch = createBatch(() => undefined);
    batch.attach(sink);
    for (const length of [700, 300, 100]) batch.write('x'.repeat(length));
    await turn();
    batch.write('x'.repeat(1_024));
    await turn();
    batch.write('x'.repeat(70_000));
    await turn();
    batch.write(`${'x'.repeat(5_000)}${' '.repeat(400)}`);
    await turn();
    batch.write(`${'x'.repeat(5_000)}${' '.repeat(400)}`);
    batch.write('x'.repeat(100));
    await turn();
    const blanks = (count: number) => ' '.repeat(count);
    expect(sink.writes).toEqual([
      'x'.repeat(1_100) + blanks(700),
      'x'.repeat(1_024),
      'x'.repeat(70_000),
      blanks(70_000),
      'x'.repeat(5_000) + blanks(400),
      'x'.repeat(5_000) + blanks(400) + 'x'.repeat(100) + blanks(100),
    ]);
  });

  test('what was queued for a socket that went does not reach the next', async () => {
    const [first, second] = [new Sink(createManualClock()), new Sink(createManualClock())];
    const batch = createBatch(() => undefined);
    expect(batch.write('early')).toBe(false);
    batch.attach(first);
    batch.write('lost');
    batch.attach(undefined);
    batch.attach(second);
    batch.write('kept');
    await turn();
    expect([first.writes, second.writes]).toEqual([[], ['kept']]);
  });

  test('full: write says so, drained waits for room, close releases everybody', async () => {
    const sink = new Sink(createManualClock());
    const batch = createBatch(() => undefined);
    batch.attach(sink);
    await batch.drained();
    sink.isFull = true;
    expect(batch.write('x')).toBe(false);
    const released: string[] = [];
    const waits = ['a', 'b'].map((name) => batch.drained().then(() => released.push(name)));
    await turn();
    expect(released).toEqual([]);
    batch.drain();
    await Promise.all(waits);
    expect(released).toEqual(['a', 'b']);
    const last = batch.drained();
    batch.close();
    await last;
    await batch.drained();
    expect([batch.takeBusy(), batch.takeBusy()]).toEqual([true, false]);
  });
});

describe('barrier', () => {
  const make = () => {
    const clock = new TestClock();
    const written: string[] = [];
    let dead = 0;
    const barrier = createBarrier({
      domain: 'irc.example.org',
      clock,
      write: (text) => void written.push(text),
      dead: () => dead++,
    });
    return {
      clock,
      written,
      barrier,
      deaths: () => dead,
      back: (n: number) => barrier.settle(parse(written[n] ?? '<none/>')),
    };
  };

  test('another’s ping, and one from elsewhere with our id, settle nothing', async () => {
    const { barrier, written, back } = make();
    const wait = barrier.wait();
    const forged = parse((written[0] ?? '').replace("from='irc.example.org'", "from='evil.example'"));
    expect(barrier.settle(forged)).toBe(false);
    expect(barrier.settle(parse("<iq type='get' id='x' from='irc.example.org'/>"))).toBe(false);
    expect(back(0)).toBe(true);
    await wait;
    expect(back(0)).toBe(true);
    expect(written).toHaveLength(1);
  });

  test('the next ping leaves only when the one before is back', async () => {
    const { barrier, written, back } = make();
    const waits = [barrier.wait(), barrier.wait(), barrier.wait()];
    expect(written).toHaveLength(1);
    back(0);
    expect(written).toHaveLength(2);
    expect(written[0]).not.toBe(written[1]);
    back(1);
    await Promise.all(waits);
  });

  test('it is asked again every ten seconds, and whichever of them comes back is the answer', async () => {
    const { barrier, clock, written, back, deaths } = make();
    const waits = [barrier.wait(), barrier.wait()];
    clock.advance(9_999);
    expect(written).toHaveLength(1);
    clock.advance(1);
    clock.advance(10_000);
    expect(written).toHaveLength(3);
    expect(new Set(written).size).toBe(1);
    back(2);
    await waits[0];
    expect(written).toHaveLength(4);
    expect(back(0)).toBe(true);
    back(3);
    await waits[1];
    clock.advance(60_000);
    expect([written.length, deaths()]).toEqual([4, 0]);
  });

  test('no answer is a dead server; the failure of the stream fails both', async () => {
    const { barrier, clock, deaths } = make();
    const waits = [barrier.wait(), barrier.wait()];
    clock.advance(59_999);
    expect(deaths()).toBe(0);
    clock.advance(1);
    expect(deaths()).toBe(1);
    barrier.fail('gone');
    for (const each of await Promise.allSettled(waits))
      expect(each).toMatchObject({ status: 'rejected', reason: { name: 'LinkDown' } });
  });
});

describe('pending requests', () => {
  const iq = { id: newId(), to: 'User@Example.org/Home', from: 'irc.example.org' };
  const answer = (from: string, id: string = iq.id, type = 'result', to = iq.from) =>
    parse(`<iq xmlns='jabber:component:accept' type='${type}' id='${id}' from='${from}' to='${to}'/>`);

  test('only the one who was asked answers, once', async () => {
    const pending = createPending(new TestClock());
    const wait = pending.expect(iq, 1_000);
    expect(pending.settle(answer('user@example.org/home'))).toBe(false);
    expect(pending.settle(answer('user@example.org'))).toBe(false);
    expect(pending.settle(answer('user@example.org/Home', iq.id, 'get'))).toBe(false);
    expect(pending.settle(answer('user@example.org/Home', iq.id, 'result', 'other.example.org'))).toBe(false);
    expect(pending.settle(answer('user@example.org/Home', 'other'))).toBe(false);
    expect(pending.settle(answer('user@example.org/Home'))).toBe(true);
    expect(pending.settle(answer('user@example.org/Home'))).toBe(false);
    expect((await wait).attrs.id).toBe(iq.id);
  });

  test('an error without its element is one nevertheless; at most 10,000 wait', async () => {
    const pending = createPending(new TestClock());
    const wait = pending.expect(iq, 1_000);
    pending.settle(answer('user@example.org/Home', iq.id, 'error'));
    await expect(wait).rejects.toMatchObject({ condition: 'undefined-condition', type: 'cancel' });
    const many = Array.from({ length: 10_000 }, (_, n) =>
      pending.expect({ ...iq, id: `n${n}` }, 1_000).catch((error: Error) => error.name),
    );
    await expect(pending.expect(iq, 1_000)).rejects.toMatchObject({ condition: 'resource-constraint' });
    pending.fail();
    expect(new Set(await Promise.all(many))).toEqual(new Set(['IqError']));
  });

  test('an error has its words; what comes too late, or for a stream that is gone, is no answer any more', async () => {
    const clock = new TestClock();
    const pending = createPending(clock);
    const refused = pending.expect(iq, 1_000);
    const ns = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'";
    const error = `<error type='auth'><text ${ns}>not you</text><forbidden ${ns}/></error>`;
    pending.settle(parse(`<iq type='error' id='${iq.id}' from='${iq.to}' to='${iq.from}'>${error}</iq>`));
    await expect(refused).rejects.toMatchObject({ condition: 'forbidden', type: 'auth', text: 'not you' });
    for (const end of [() => clock.advance(1_000), pending.fail]) {
      const wait = pending.expect(iq, 1_000);
      end();
      await expect(wait).rejects.toMatchObject({ condition: 'remote-server-timeout' });
      expect(pending.settle(answer('user@example.org/Home'))).toBe(false);
    }
  });

  test('ids can not be guessed from one another', () => {
    const ids = Array.from({ length: 1000 }, newId);
    expect(new Set(ids.map((id) => id.slice(0, 8))).size).toBe(1000);
  });
});
