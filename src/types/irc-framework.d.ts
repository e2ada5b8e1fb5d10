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
    sasl_disconnect_on_fail?: boolean;
    version?: string | null;
    encoding?: string;
    transport?: TransportConstructor;
    auto_reconnect?: boolean;
    auto_reconnect_max_wait?: number;
    auto_reconnect_max_retries?: number;
    /** Seconds; 0 is never. */
    ping_interval?: number;
    /** Seconds; 0 is never. */
    ping_timeout?: number;
    message_max_length?: number;
    enable_chghost?: boolean;
    enable_setname?: boolean;
    enable_echomessage?: boolean;
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

  /** What a command handler gets. */
  export interface Command extends ParsedLine {
    getTag(name: string): string | undefined;
    getServerTime(): number | undefined;
  }

  export interface CommandHandler {
    /** What is done at each command; each function gets the handler whose it is. */
    handlers: object;
    /** Replaces what irc-framework does at a command or a numeric's name ("RPL_LOGGEDIN"). */
    addHandler(command: string, handler: (command: Command, handler: CommandHandler) => void): void;
    requestExtraCaps(caps: string | readonly string[]): void;
    emit(event: string, ...args: unknown[]): boolean;
  }

  export type RawMiddleware = (
    command: string,
    line: ParsedLine,
    rawLine: string,
    client: Client,
    next: (error?: Error) => void,
  ) => void;

  export interface Middlewares {
    use(middleware: RawMiddleware): void;
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
    extractTargetGroup(target: string): { target: string; target_group: string } | null;
  }

  export class Client {
    constructor(options?: ClientOptions);
    readonly connected: boolean;
    readonly options: ClientOptions;
    readonly user: { nick: string; username: string; gecos: string; host: string; away: boolean };
    readonly network: NetworkInfo;
    readonly connection: Connection;
    readonly command_handler: CommandHandler;
    readonly raw_middleware: Middlewares;
    connect(options?: ClientOptions): void;
    quit(message?: string): void;
    requestCap(caps: string | readonly string[]): void;
    raw(...parts: (string | number)[]): void;
    rawString(...parts: (string | number)[]): string;
    changeNick(nick: string): void;
    say(target: string, message: string): void;
    /** Each event has an object of its own; the listener says which fields it reads. */
    on(event: string, listener: (event: never) => void): this;
    once(event: string, listener: (event: never) => void): this;
    off(event: string, listener: (event: never) => void): this;
    removeAllListeners(event?: string): this;
  }
}
