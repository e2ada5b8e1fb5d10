/** Options of a command, by node:util's parseArgs, with the faults said as sentences. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearest } from '../ops/config/names.ts';
import { Remedy } from '../ops/fatal.ts';

/** How a command was called is wrong; exit code 2. */
export class UsageFault extends Remedy {}

/** Option name → what its value is called in the help; all take a value. */
export type OptionNames = Readonly<Record<string, string>>;

export interface Given {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly words: readonly string[];
  readonly help: boolean;
}

/** Throws a UsageFault for an unknown option, one without value, and more than `maxWords` other words. */
export function readArguments(command: string, argv: readonly string[], names: OptionNames, maxWords = 0): Given {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } };
  for (const name of Object.keys(names)) options[name] = { type: 'string' };
  const see = `\`isthmus ${command} --help\` shows how it is called`;
  const { tokens } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: false, tokens: true });
  const values: Record<string, string | undefined> = {};
  const words: string[] = [];
  let help = false;
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name === 'help' || token.name === 'h') help = true;
    else if (!Object.hasOwn(names, token.name)) {
      const meant = nearest(token.name, Object.keys(names));
      throw new UsageFault(
        `There is no option ${token.rawName}`,
        meant === undefined ? see : `Did you mean --${meant}? ${see}`,
      );
    } else if (token.value === undefined || token.value === '') {
      throw new UsageFault(`--${token.name} needs a value`, `Write --${token.name} ${names[token.name]}; ${see}`);
    } else values[token.name] = token.value;
  }
  const extra = words[maxWords];
  if (extra !== undefined && !help) {
    const isFile = Object.hasOwn(names, 'config') && values.config === undefined && /\.ya?ml$/.test(extra);
    throw new UsageFault(`"${extra}" is one word too many`, isFile ? `Did you mean --config ${extra}? ${see}` : see);
  }
  return { values, words, help };
}

/** A port from an option; undefined where it was not given. 0 is any that is free. */
export function portOption(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65_535)
    throw new UsageFault(
      `--${name} must be a port from 0 to 65535, not "${value}"`,
      `Write for example --${name} 5333`,
    );
  return port;
}

/** HOST:PORT, [IPv6]:PORT, or a port alone. */
export function listenOption(
  name: string,
  value: string | undefined,
): { readonly host?: string; readonly port: number } | undefined {
  if (value === undefined) return undefined;
  const [, bracketed, plain, port] = /^(?:(?:\[([^\]]+)\]|([^:]+)):)?(\d{1,5})$/.exec(value) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    throw new UsageFault(`--${name} must be HOST:PORT, not "${value}"`, `Write for example --${name} 127.0.0.1:9090`);
  }
  const host = bracketed ?? plain;
  return { ...(host === undefined ? {} : { host }), port: Number(port) };
}

/** One of a few words. */
export function choiceOption<Choice extends string>(
  name: string,
  value: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  if (value === undefined) return undefined;
  const choice = choices.find((one) => one === value);
  if (choice !== undefined) return choice;
  const meant = nearest(value, choices);
  throw new UsageFault(
    `--${name} must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}, not "${value}"`,
    meant === undefined ? `Write for example --${name} ${choices[0]}` : `Did you mean --${name} ${meant}?`,
  );
}
