/** SOCKS5 (RFC 1928, RFC 1929) from the client's side, as much as leads to a server: the proxy resolves the name, as Tor wants it. */
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import type { How } from './close-reason.ts';

export interface SocksProxy {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
}

/** Reads `socks5://[USER:PASSWORD@]HOST[:PORT]`; undefined: it is none. */
export function readProxy(text: string): SocksProxy | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'socks5:' || url.hostname === '' || !/^\/?$/.test(url.pathname) || url.search !== '') {
    return undefined;
  }
  const [username, password] = [plain(url.username), plain(url.password)];
  if (username === undefined || password === undefined) return undefined;
  // Both are one byte long in the protocol.
  if (Buffer.byteLength(username) > 255 || Buffer.byteLength(password) > 255) return undefined;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: url.port === '' ? 1080 : Number(url.port), ...(username !== '' && { username, password }) };
}

function plain(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const version = 5;
const noLogin = 0;
const byPassword = 2;

/** Why the proxy did not connect (RFC 1928 §6). */
const replies: Readonly<Record<number, How>> = {
  3: 'unreachable',
  4: 'unreachable',
  5: 'refused',
  6: 'unreachable',
};

/**
 * Asks for a way to a server over a socket that is connected to the proxy. `done` is called once, unless the socket ends before: with nothing when what
 * follows is the server's, unread and paused; with the reason where the proxy does not let us through.
 */
export function openTunnel(
  socket: Socket,
  proxy: SocksProxy,
  to: { readonly host: string; readonly port: number },
  done: (failed?: How) => void,
): void {
  let held = Buffer.alloc(0);
  let step: 'method' | 'login' | 'reply' = 'method';

  function end(failed?: How): void {
    socket.off('data', read);
    socket.pause();
    if (failed === undefined && held.length > 0) socket.unshift(held);
    done(failed);
  }

  function take(bytes: number): Buffer {
    const taken = held.subarray(0, bytes);
    held = held.subarray(bytes);
    return taken;
  }

  function chosen(): void {
    const [, method] = take(2);
    if (method === noLogin) ask();
    else if (method === byPassword && proxy.username !== undefined) {
      step = 'login';
      socket.write(Buffer.concat([Buffer.of(1), counted(proxy.username), counted(proxy.password ?? '')]));
    } else end('proxy-login');
  }

  function ask(): void {
    step = 'reply';
    const port = Buffer.of(to.port >> 8, to.port & 0xff);
    socket.write(Buffer.concat([Buffer.of(version, 1, 0), addressOf(to.host), port]));
  }

  /** True: there was enough for a step, and there may be for the next. */
  function advance(): boolean {
    switch (step) {
      case 'method':
        if (held.length < 2) return false;
        if (held[0] !== version) end('proxy');
        else chosen();
        return held.length > 0;
      case 'login':
        if (held.length < 2) return false;
        if (take(2)[1] === 0) ask();
        else end('proxy-login');
        return held.length > 0;
      case 'reply': {
        const size = replySize(held);
        if (size === undefined || held.length < size) return false;
        const [first, code = 1] = take(size);
        end(first !== version ? 'proxy' : code === 0 ? undefined : (replies[code] ?? 'proxy'));
        return false;
      }
      default:
        return step satisfies never;
    }
  }

  function read(chunk: Buffer): void {
    held = Buffer.concat([held, chunk]);
    while (advance());
  }

  socket.on('data', read);
  const methods = proxy.username === undefined ? [noLogin] : [noLogin, byPassword];
  socket.write(Buffer.of(version, methods.length, ...methods));
}

const counted = (text: string): Buffer => Buffer.concat([Buffer.of(Buffer.byteLength(text)), Buffer.from(text)]);

/** The whole of a reply; undefined: that is not known yet. */
function replySize(held: Buffer): number | undefined {
  const [, code, , kind, length] = held;
  if (code !== undefined && code !== 0) return Math.min(held.length, 10);
  switch (kind) {
    case undefined:
      return undefined;
    case 1:
      return 10;
    case 4:
      return 22;
    case 3:
      return length === undefined ? undefined : 7 + length;
    default:
      return 4;
  }
}

function addressOf(host: string): Buffer {
  switch (isIP(host)) {
    case 4:
      return Buffer.of(1, ...host.split('.').map(Number));
    case 6:
      return Buffer.concat([Buffer.of(4), bytesOf6(host)]);
    default:
      return Buffer.concat([Buffer.of(3), counted(host.slice(0, 255))]);
  }
}

/** Of an IPv6 address, by the form that URLs have of it. */
function bytesOf6(host: string): Buffer {
  const [left = '', right] = new URL(`http://[${host}]`).hostname.slice(1, -1).split('::', 2);
  const groups = (text: string): readonly number[] =>
    text === '' ? [] : text.split(':').map((one) => Number.parseInt(one, 16));
  const [before, after] = [groups(left), groups(right ?? '')];
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}
