/** irc-framework's clients. Each makes a table of what is done at some hundred and thirty commands, the same for all, nine kilobytes with its functions: they share the first one's. */
import { Client } from 'irc-framework';

/** For one network; nobody may add to what the table has. */
export function createClients(): () => Client {
  let shared: Client['command_handler']['handlers'] | undefined;
  return () => {
    const client = new Client();
    shared ??= client.command_handler.handlers;
    client.command_handler.handlers = shared;
    return client;
  };
}
