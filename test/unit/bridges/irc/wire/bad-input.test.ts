/** Bad input through the whole reading side: nothing throws, nothing grows without bound. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFolders, createInterner } from '../../../../../bridges/irc/wire/casemap.ts';
import { readCtcp } from '../../../../../bridges/irc/wire/ctcp.ts';
import { readFormat } from '../../../../../bridges/irc/wire/format.ts';
import { createFramer, maxLineFromServer } from '../../../../../bridges/irc/wire/framer.ts';
import { defaultSupport, readSupport, type Support } from '../../../../../bridges/irc/wire/isupport.ts';
import { type Line, parseLine } from '../../../../../bridges/irc/wire/line.ts';
import { readModes } from '../../../../../bridges/irc/wire/modes.ts';
import { knownCommands, likelyParams } from './known-commands.ts';

/** Does with a line all that a session may do with it; returns how many lines it understood. */
function createReader() {
  let support: Support = defaultSupport;
  const foldName = createFolders(createInterner(64), 64)('rfc1459');
  const seen = { lines: 0, commands: new Set<string>() };
  const use = (line: Line) => {
    seen.lines++;
    seen.commands.add(line.command);
    foldName(line.nick);
    support = readSupport(support, line.params);
    for (const { mode } of readModes(support, line.params)) expect(mode).not.toBe('');
    for (const param of line.params) {
      readFormat(param);
      readCtcp(param);
    }
  };
  return { seen, use };
}

describe('bad input', () => {
  test('random bytes in random reads', () => {
    const { seen, use } = createReader();
    const framer = createFramer({
      maxLine: maxLineFromServer,
      onOverflow: () => {},
      onLine: (text) => {
        const line = parseLine(text);
        if (line !== undefined) use(line);
      },
    });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => framer.push(Buffer.from(bytes))),
      { numRuns: 10_000 },
    );
    framer.push(Buffer.from('\r\nPING :alive\r\n'));
    expect(seen.commands.has('PING')).toBe(true);
  });

  test('truncated UTF-8 of every length', () => {
    const { seen, use } = createReader();
    const whole = Buffer.from('@a=é :nïck!ü@h PRIVMSG #ä :Grüße 📷 привет 中文');
    const lines: string[] = [];
    const framer = createFramer({ maxLine: 512, onOverflow: () => {}, onLine: (text) => void lines.push(text) });
    for (let from = 0; from < whole.length; from++) {
      for (let to = from + 1; to <= whole.length; to++)
        framer.push(Buffer.concat([whole.subarray(from, to), Buffer.from('\n')]));
    }
    for (const text of lines) {
      expect(text).not.toContain('\ufffd');
      const line = parseLine(text);
      if (line !== undefined) use(line);
    }
    expect(seen.lines).toBeGreaterThan(1000);
  });

  test('every command with 0 to 4 parameters', () => {
    const { seen, use } = createReader();
    for (const command of knownCommands) {
      for (let count = 0; count <= 4; count++) {
        for (const source of ['', ':irc.example.org ', ':a!b@c ', ':! ', ':@ ']) {
          const line = parseLine(`${source}${command}${' x'.repeat(count)}`);
          expect(line?.params).toHaveLength(count);
          if (line !== undefined) use(line);
        }
      }
    }
    expect(seen.commands.size).toBe(knownCommands.length);
  });

  test('any command with any parameters that some command would heed', () => {
    const { seen, use } = createReader();
    const param = fc.oneof(fc.constantFrom(...likelyParams), fc.string({ unit: 'binary', maxLength: 8 }));
    const runs = 10_000;
    fc.assert(
      fc.property(fc.constantFrom(...knownCommands), fc.array(param, { maxLength: 6 }), (command, params) => {
        const line = parseLine(`:a!b@c ${command} ${params.join(' ')}`);
        expect(line?.command).toBe(command);
        if (line !== undefined) use(line);
      }),
      { numRuns: runs },
    );
    expect(seen.lines).toBe(runs);
  });
});
