/** The sockets of kafkajs as the lab uses it. */
import socketFactory from 'kafkajs/src/network/socketFactory.js';
import type { ISocketFactory } from 'kafkajs';

/**
 * As kafkajs's own, but a socket that is closed stays as it is. kafkajs takes leave of both sockets of a broker each time that it
 * fails to reach it, also of one that closed long ago, and Node remembers an `unref` of such a socket for its next `connect`, which
 * never comes: a listener more for each try while a broker is down.
 */
export function sockets(): ISocketFactory {
  const open = socketFactory();
  return options => {
    const socket = open(options);
    const unref = socket.unref.bind(socket);
    socket.unref = () => (socket.destroyed ? socket : unref());
    return socket;
  };
}
