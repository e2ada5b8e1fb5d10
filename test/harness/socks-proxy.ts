/** A SOCKS5 proxy (RFC 1928, RFC 1929) that connects wherever the test says, and tells what it was asked for. */
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { Inbox } from './inbox.ts';

export interface SocksProxyServer extends AsyncDisposable {
  readonly port: number;
  /** "host:port" of each request, with "user:password@" where one logged in. */
  readonly asked: Inbox<string>;
  /** The code of the reply; 0 is a way. */
  reply: number;
}

/** @param to the port on loopback that every way leads to. `login`: only who has it. `eager`: the server's first words come with the reply */
export async function startSocksProxy(to: () => number, { login = '', eager = '' } = {}): Promise<SocksProxyServer> {
  const asked = new Inbox<string>('a proxy', (line) => line);
  const sockets = new Set<Socket>();
  const it = { reply: 0 };
  const server: Server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => client.destroy());
    void serve(client).catch(() => client.destroy());
  });

  async function serve(client: Socket): Promise<void> {
    const read = reader(client);
    const [, count = 0] = await read(2);
    const methods = await read(count);
    const method = login === '' ? 0 : 2;
    client.write(Buffer.of(5, methods.includes(method) ? method : 0xff));
    let who = '';
    if (login !== '') {
      const [, size = 0] = await read(2);
      const name = (await read(size)).toString();
      who = `${name}:${(await read((await read(1))[0] ?? 0)).toString()}`;
      client.write(Buffer.of(1, who === login ? 0 : 1));
      if (who !== login) return;
    }
    const [, , , kind = 0] = await read(4);
    const host =
      kind === 3 ? (await read((await read(1))[0] ?? 0)).toString() : (await read(kind === 1 ? 4 : 16)).toString('hex');
    const port = (await read(2)).readUInt16BE(0);
    asked.put(`${who === '' ? '' : `${who}@`}${host}:${port}`);
    const bound = Buffer.of(5, it.reply, 0, 1, 127, 0, 0, 1, 0, 0);
    if (it.reply !== 0) {
      client.end(bound);
      return;
    }
    const target = createConnection(to(), '127.0.0.1');
    sockets.add(target);
    target.on('error', () => client.destroy());
    target.once('connect', () => {
      client.write(Buffer.concat([bound, Buffer.from(eager)]));
      client.pipe(target);
      target.pipe(client);
    });
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    asked,
    get reply() {
      return it.reply;
    },
    set reply(code) {
      it.reply = code;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** Exactly so many bytes, as they come. */
function reader(socket: Socket): (size: number) => Promise<Buffer> {
  return async (size) => {
    for (;;) {
      if (size === 0) return Buffer.alloc(0);
      const bytes: Buffer | null = socket.read(size);
      if (bytes !== null) return bytes;
      await new Promise((resolve, reject) => {
        socket.once('readable', resolve);
        socket.once('close', reject);
      });
    }
  };
}
