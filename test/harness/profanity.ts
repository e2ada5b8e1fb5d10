/** A person at a terminal: profanity in tmux, driven by keys and read by its screen, as a user would. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pause, start } from './process.ts';
import { tempDir } from './temp.ts';

export interface TerminalOptions {
  /** Where Jabber clients connect. */
  readonly port: number;
  /** The account's bare JID. */
  readonly jid: string;
  readonly password: string;
}

export interface Terminal extends AsyncDisposable {
  /** Types a line and presses Enter. */
  types(line: string): Promise<void>;
  /** Waits until the screen shows it; rejects with the screen. */
  shows(text: string | RegExp, withinMs?: number): Promise<void>;
  screen(): Promise<string>;
}

const size = ['-x', '200', '-y', '50'];
const session = 'profanity';

/** Starts one, connected and logged in; its settings are its own. */
export async function startProfanity({ port, jid, password }: TerminalOptions): Promise<Terminal> {
  const dir = tempDir('profanity');
  const socket = join(dir.path, 'tmux.sock');
  const call = async (args: readonly string[]): Promise<string> =>
    (await promisify(execFile)('tmux', ['-S', socket, ...args], { timeout: 5_000 })).stdout;
  const env = {
    XDG_CONFIG_HOME: join(dir.path, 'config'),
    XDG_DATA_HOME: join(dir.path, 'data'),
    HOME: dir.path,
    LANG: 'C.UTF-8',
    TERM: 'xterm',
  };
  const server = await start('tmux', ['-S', socket, '-f', '/dev/null', '-D'], {
    name: 'tmux',
    env,
    ready: async () => (await call(['show-options', '-s'])) !== '',
  });
  const screen = (): Promise<string> => call(['capture-pane', '-p', '-J', '-t', session]);
  const shows = async (text: string | RegExp, withinMs = 15_000): Promise<void> => {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const now = await screen();
      if (typeof text === 'string' ? now.includes(text) : text.test(now)) return;
      if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${text}. The screen is:\n${now}`);
      await pause(30);
    }
  };
  const terminal: Terminal = {
    async types(line) {
      await call(['send-keys', '-t', session, '-l', line]);
      await call(['send-keys', '-t', session, 'Enter']);
    },
    shows,
    screen,
    async [Symbol.asyncDispose]() {
      await server.kill();
      dir.remove();
    },
  };
  try {
    await call(['new-session', '-d', '-s', session, ...size, 'profanity']);
    await terminal.shows("Type '/help' to show complete help");
    await terminal.types(`/connect ${jid} server 127.0.0.1 port ${port} tls disable`);
    await terminal.shows('Enter password:');
    await terminal.types(password);
    await terminal.shows('logged in successfully');
    return terminal;
  } catch (error) {
    await terminal[Symbol.asyncDispose]();
    throw error;
  }
}
