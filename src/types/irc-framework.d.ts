/** What we use of irc-framework 4.14, which has no types of its own. */
declare module 'irc-framework' {
  /** Made with `new transport(options)`; emits `open`, `line`, `close` and `extra`. */
  export type TransportConstructor = new (options: ClientOptions) => object;

  export interface ClientOptions {
    host?: string;
    port?: number;
    nick: string;
    username?: string;
    gecos?: string;
    /** PASS, and the SASL password where `account` is absent. */
    password?: string;
    account?: { account: string; password: string } | undefined;
    sasl_mechanism?: 'PLAIN' | 'EXTERNAL';
    version?: string | null;
    encoding?: string;
    transport?: TransportConstructor;
    auto_reconnect?: boolean;
    /** Seconds; 0 is never. */
    ping_interval?: number;
    /** Seconds; 0 is never. */
    ping_timeout?: number;
    webirc?: {
      password: string;
      username: string;
      hostname: string;
      address: string;
      options?: Record<string, string | true>;
    };
  }

  /** A line as irc-framework parsed it. */
  export interface ParsedLine {
    tags: Record<string, string>;
    prefix: string;
    nick: string;
    ident: string;
    hostname: string;
    command: string;
    params: string[];
  }

  export interface CommandHandler {
    /** What is done at each command; each function gets the handler whose it is. */
    handlers: object;
    emit(event: string, ...args: unknown[]): boolean;
  }

  export interface Connection {
    readonly connected: boolean;
    readonly transport: object | null;
    write(line: string, onWritten?: () => void): void;
    end(line?: string | null, hadError?: boolean): void;
  }

  export interface NetworkInfo {
    name: string;
    server: string;
    ircd: string;
    options: Record<string, unknown>;
    cap: {
      negotiating: boolean;
      requested: string[];
      enabled: string[];
      available: Map<string, string>;
      isEnabled(cap: string): boolean;
    };
    supports(feature: string): unknown;
  }

  export class Client {
    constructor(options?: ClientOptions);
    readonly connected: boolean;
    readonly options: ClientOptions;
    readonly user: { nick: string; username: string; gecos: string; host: string; away: boolean };
    readonly network: NetworkInfo;
    readonly connection: Connection;
    readonly command_handler: CommandHandler;
    connect(options?: ClientOptions): void;
    quit(message?: string): void;
    raw(...parts: (string | number)[]): void;
    changeNick(nick: string): void;
    say(target: string, message: string): void;
    /** Each event has an object of its own; the listener says which fields it reads. */
    on(event: string, listener: (event: never) => void): this;
    once(event: string, listener: (event: never) => void): this;
    off(event: string, listener: (event: never) => void): this;
  }
}
