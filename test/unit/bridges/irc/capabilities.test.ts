/** Capability negotiation: what is asked for, in how many lines, what is in force, and what comes and goes later. */
import { describe, expect, test } from 'vitest';
import { createCapabilities, wanted } from '../../../../bridges/irc/capabilities.ts';
import { parseLine } from '../../../../bridges/irc/wire/line.ts';

function negotiation({ login = false, proceed = true } = {}) {
  const sent: string[] = [];
  const log: string[] = [];
  const it = createCapabilities({
    send: (line) => void sent.push(line),
    wantsLogin: () => login,
    listed: () => proceed,
    settled: () => void log.push('settled'),
    changed: () => void log.push(it.enabled().join(' ')),
  });
  const hear = (...lines: readonly string[]): void => {
    for (const text of lines) {
      const line = parseLine(text);
      if (line !== undefined) it.hear(line);
    }
  };
  return { it, sent, log, hear };
}

describe('the list', () => {
  test('over several lines; asked for when it is whole, values kept', () => {
    const { it, sent, hear } = negotiation();
    hear(':s CAP * LS * :batch draft/multiline=max-bytes=4096,max-lines=24 strange');
    expect(sent).toEqual([]);
    hear(':s CAP * LS :echo-message sasl=PLAIN,EXTERNAL sts=port=6697');
    expect(sent).toEqual(['CAP REQ :batch draft/multiline echo-message']);
    expect(it.value('draft/multiline')).toBe('max-bytes=4096,max-lines=24');
    expect(it.value('sasl')).toBe('PLAIN,EXTERNAL');
    expect(it.value('strange')).toBe('');
    expect(it.value('nothing')).toBeUndefined();
    expect(it.has('batch')).toBe(false);
  });

  test('sasl is asked for where there is something to log in with, sts never', () => {
    const { sent, hear } = negotiation({ login: true });
    hear(':s CAP * LS :sasl=PLAIN sts=port=6697,duration=1');
    expect(sent).toEqual(['CAP REQ sasl']);
  });

  test('nothing wanted: at the end at once', () => {
    const { sent, log, hear } = negotiation();
    hear(':s CAP * LS :');
    hear(':s CAP * LS :strange');
    expect(sent).toEqual([]);
    expect(log).toEqual(['settled', 'settled']);
  });

  test('a connection that will not be used asks for nothing', () => {
    const { sent, log, hear } = negotiation({ proceed: false });
    hear(':s CAP * LS :batch');
    expect([...sent, ...log]).toEqual([]);
  });

  test('all of them fit into lines that a server takes', () => {
    const { sent, hear } = negotiation();
    for (const name of wanted) hear(`:s CAP * LS * :${name}`);
    hear(':s CAP * LS :');
    expect(sent.length).toBeGreaterThan(0);
    for (const line of sent) expect(line.length).toBeLessThan(450);
    expect(sent.flatMap((line) => line.replace(/^CAP REQ :?/, '').split(' ')).sort()).toEqual([...wanted].sort());
  });

  test('what a server may offer is bounded', () => {
    const { it, hear } = negotiation();
    for (let at = 0; at < 400; at++) hear(`:s CAP * LS * :x${at}`);
    expect(it.offered.size).toBe(256);
  });
});

describe('the answers', () => {
  test('in force is what was acknowledged, over several lines; then it is settled', () => {
    const { it, log, hear } = negotiation();
    hear(':s CAP * LS :batch echo-message', ':s CAP a ACK :batch ');
    expect(it.enabled()).toEqual(['batch']);
    expect(log).toEqual(['batch']);
    hear(':s CAP a ACK :echo-message');
    expect(log).toEqual(['batch', 'batch echo-message', 'settled']);
  });

  test('one that is refused takes the others with it: they are asked for by themselves', () => {
    const { it, sent, log, hear } = negotiation();
    hear(':s CAP * LS :batch echo-message', ':s CAP a NAK :batch echo-message');
    expect(sent.slice(1)).toEqual(['CAP REQ batch', 'CAP REQ echo-message']);
    hear(':s CAP a NAK :batch', ':s CAP a ACK :echo-message');
    expect(it.enabled()).toEqual(['echo-message']);
    expect(log.filter((what) => what === 'settled')).toHaveLength(1);
  });

  test('modifiers: ~ and = are read over, - takes away', () => {
    const { it, hear } = negotiation();
    hear(':s CAP * LS :=batch ~echo-message', ':s CAP a ACK :~batch =echo-message', ':s CAP a ACK :-batch');
    expect(it.enabled()).toEqual(['echo-message']);
  });

  test('what was never offered is not in force because somebody says so', () => {
    const { it, hear } = negotiation();
    hear(':s CAP a ACK :echo-message');
    expect(it.has('echo-message')).toBe(false);
  });
});

describe('later', () => {
  test('NEW is asked for where it is wanted, and only that; DEL takes away', () => {
    const { it, sent, hear } = negotiation();
    hear(':s CAP * LS :batch', ':s CAP a ACK :batch');
    hear(':s CAP a NEW :batch away-notify strange=1');
    expect(sent.slice(1)).toEqual(['CAP REQ away-notify']);
    hear(':s CAP a ACK :away-notify', ':s CAP a DEL :away-notify batch');
    expect(it.enabled()).toEqual([]);
    expect(it.value('batch')).toBeUndefined();
    hear(':s CAP a NEW :nothing-that-we-want');
    expect(sent).toHaveLength(2);
  });

  test('sts does not end by DEL', () => {
    const { it, hear } = negotiation();
    hear(':s CAP * LS :sts=duration=100', ':s CAP a DEL :sts');
    expect(it.value('sts')).toBe('duration=100');
  });

  test.each([
    ':s CAP',
    ':s CAP *',
    ':s CAP * LS',
    'CAP a STRANGE :x',
    ':s CAP a ACK :',
    ':s CAP a NEW :',
    ':s CAP a DEL',
  ])('odd lines change nothing: %s', (line) => {
    const { it, sent, hear } = negotiation();
    hear(line);
    expect(it.enabled()).toEqual([]);
    expect(sent).toEqual([]);
  });
});
