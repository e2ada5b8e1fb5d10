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
    /** PASS. */
    password?: string;
    version?: string | null;
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

  export interface CommandHandler {
    /** What is done at each command; each function gets the handler whose it is. */
    handlers: object;
  }

  export interface NetworkInfo {
    cap: {
      enabled: string[];
      available: Map<string, string>;
    };
  }

  export class Client {
    constructor(options?: ClientOptions);
    readonly network: NetworkInfo;
    readonly command_handler: CommandHandler;
    connect(options?: ClientOptions): void;
    quit(message?: string): void;
    raw(...parts: (string | number)[]): void;
    changeNick(nick: string): void;
    say(target: string, message: string): void;
    /** Each event has an object of its own; the listener says which fields it reads. */
    on(event: string, listener: (event: never) => void): this;
    once(event: string, listener: (event: never) => void): this;
  }
}
