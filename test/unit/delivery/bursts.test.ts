/** What the wire holds, and above all what it does not go on holding. */
import { describe, expect, test } from 'vitest';
import { type Bursts, createBursts } from '../../../src/delivery/bursts.ts';

/** One turn: put, cut, written, as the wire does where the stream has room. */
function turn(bursts: Bursts, text: string, keep: boolean): string {
  bursts.put(text, keep);
  bursts.cut(0);
  let out = '';
  for (let burst = bursts.nextToWrite(); burst !== undefined; burst = bursts.nextToWrite())
    out += bursts.written(burst);
  bursts.forgetUnkept();
  return out;
}

describe('presence only', () => {
  test('is forgotten as soon as it is written, however much of it', () => {
    const bursts = createBursts();
    for (let n = 0; n < 1_000; n++) {
      expect(turn(bursts, `<p n='${n}'/>`, false)).toBe(`<p n='${n}'/>`);
      expect([bursts.isEmpty(), bursts.stanzas(), bursts.bytes(), bursts.unrecorded()]).toEqual([true, 0, 0, 0]);
    }
    expect(bursts.lastWritten()).toBeUndefined();
    expect(bursts.unanswered()).toBe(false);
  });

  test('behind something kept holds no text, and goes with the answer', () => {
    const bursts = createBursts();
    turn(bursts, '<kept/>', true);
    for (let n = 0; n < 1_000; n++) turn(bursts, '<p/>', false);
    expect([bursts.stanzas(), bursts.bytes()]).toEqual([1, '<kept/>'.length]);
    const last = bursts.lastWritten();
    if (last === undefined) throw new Error('nothing was written');
    bursts.answered(last);
    expect(bursts.isEmpty()).toBe(true);
  });

  test('written and lost with the connection it is not sent again; what was kept is', () => {
    const bursts = createBursts();
    turn(bursts, '<kept/>', true);
    turn(bursts, '<p/>', false);
    bursts.rewind();
    expect(bursts.unanswered()).toBe(false);
    expect(turn(bursts, '<after/>', false)).toBe('<kept/><after/>');
    const last = bursts.lastWritten();
    if (last === undefined) throw new Error('nothing was written');
    bursts.answered(last);
    expect(bursts.unanswered()).toBe(false);
  });

  test('while the stream is down it counts', () => {
    const bursts = createBursts();
    for (let n = 0; n < 10; n++) {
      bursts.put('<p/>', false);
      bursts.cut(0);
    }
    expect([bursts.stanzas(), bursts.bytes()]).toEqual([10, 40]);
    expect(bursts.toRecord()).toBeUndefined();
  });
});

describe('what is kept', () => {
  test('is recorded once, and trimmed when both the journal and the server have it', () => {
    const bursts = createBursts();
    turn(bursts, '<one/>', true);
    turn(bursts, '<two/>', true);
    const some = bursts.toRecord();
    expect(some?.text).toBe('<one/><two/>');
    if (some === undefined) return;
    expect(bursts.recorded(some.upTo, '1-0')).toBeUndefined();
    expect([bursts.toRecord(), bursts.unrecorded()]).toEqual([undefined, 0]);
    const last = bursts.lastWritten();
    if (last === undefined) throw new Error('nothing was written');
    expect(bursts.answered(last).trim).toBe('1-0');
  });

  test('is recorded though all that was recorded before it is answered for', () => {
    const bursts = createBursts();
    for (const [text, id] of [
      ['<one/>', '1-0'],
      ['<two/>', '2-0'],
      ['<three/>', '3-0'],
    ] as const) {
      turn(bursts, text, true);
      const some = bursts.toRecord();
      expect(some?.text).toBe(text);
      if (some !== undefined) bursts.recorded(some.upTo, id);
      const last = bursts.lastWritten();
      if (last !== undefined) expect(bursts.answered(last).trim).toBe(id);
    }
    expect(bursts.isEmpty()).toBe(true);
  });

  test('answered for before it was recorded: trimmed then', () => {
    const bursts = createBursts();
    turn(bursts, '<one/>', true);
    const some = bursts.toRecord();
    const last = bursts.lastWritten();
    if (some === undefined || last === undefined) throw new Error('nothing was written');
    expect(bursts.answered(last).trim).toBeUndefined();
    expect(bursts.unrecorded()).toBe(0);
    expect(bursts.recorded(some.upTo, '1-0')).toBe('1-0');
    expect(bursts.isEmpty()).toBe(true);
  });
});

describe('what was in a journal before', () => {
  const adopted = (...entries: readonly (readonly [string, string | undefined])[]): Bursts => {
    const bursts = createBursts();
    for (const [i, [text, foreign]] of entries.entries()) bursts.adopt(text, `${i + 1}-0`, foreign);
    return bursts;
  };
  /** The server answers for the next that is written. */
  function answer(bursts: Bursts): ReturnType<Bursts['answered']> {
    const next = bursts.nextToWrite();
    if (next === undefined) throw new Error('nothing is to be written');
    bursts.written(next);
    return bursts.answered(next);
  }

  test('counts like what is put, since when too, until the server has answered for it', () => {
    const bursts = adopted(['<one/>', 'd/dead'], ['<three/>', undefined]);
    expect([bursts.stanzas(), bursts.bytes(), bursts.unrecorded()]).toEqual([2, 14, 0]);
    expect(bursts.held()).toEqual({ bursts: 2, since: 1 });
    expect(bursts.toRecord()).toBeUndefined();
    for (let i = 0; i < 2; i++) answer(bursts);
    expect([bursts.isEmpty(), bursts.stanzas(), bursts.bytes()]).toEqual([true, 0, 0]);
  });

  test('of a dead worker is done with when the last of it is answered for, and trims nothing of ours', () => {
    const bursts = adopted(['<one/>', 'd/dead'], ['<two/>', 'd/other'], ['<three/>', 'd/dead'], ['<four/>', undefined]);
    expect(Array.from({ length: 4 }, () => answer(bursts))).toEqual([
      { trim: undefined, foreign: [] },
      { trim: undefined, foreign: ['d/other'] },
      { trim: undefined, foreign: ['d/dead'] },
      { trim: '4-0', foreign: [] },
    ]);
  });

  test('has the blanks that it had, or, of an older version, those that it needs', () => {
    const text = `<m>${'x'.repeat(2_000)}</m>`;
    const [plain, padded] = [adopted([text, undefined]), adopted([`${text}${' '.repeat(text.length)}`, undefined])];
    const sent = [plain, padded].map((bursts) => {
      const next = bursts.nextToWrite();
      return next && bursts.written(next);
    });
    expect(sent[0]).toBe(sent[1]);
  });
});

describe('114-15 stanza by stanza', () => {
  test.each([false, true])('what is counted stays right, also where it was in the journal before: %s', (isRecorded) => {
    const bursts = createBursts();
    const long = `<m>${'x'.repeat(2_000)}</m>`;
    for (const text of ['<a/>', long, '<c/>']) bursts.put(text, true);
    bursts.cut(0);
    const recording = bursts.toRecord();
    if (recording === undefined) throw new Error('nothing to record');
    if (isRecorded) bursts.recorded(recording.upTo, '1-0');
    for (let burst = bursts.nextToWrite(); burst !== undefined; burst = bursts.nextToWrite()) bursts.written(burst);
    bursts.rewind();
    const sent: string[] = [];
    const trims: (string | undefined)[] = [];
    for (let next = bursts.nextToWrite(); next !== undefined; next = bursts.nextToWrite()) {
      const one = bursts.single(next);
      sent.push(bursts.written(one));
      if (!isRecorded && sent.length === 2) bursts.recorded(recording.upTo, '1-0');
      trims.push(bursts.answered(one).trim);
    }
    expect(sent).toEqual(['<a/>', long, '<c/>']);
    expect(trims).toEqual([undefined, undefined, '1-0']);
    expect([bursts.isEmpty(), bursts.stanzas(), bursts.bytes(), bursts.unrecorded()]).toEqual([true, 0, 0, 0]);
  });

  test('what can not be taken apart goes whole', () => {
    const bursts = createBursts();
    turn(bursts, '<a></b>', true);
    bursts.rewind();
    const next = bursts.nextToWrite();
    expect(next && bursts.single(next)).toBe(next);
  });
});
