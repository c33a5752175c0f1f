/**
 * axios's follow-redirects takes `debug` where another package happened to install it. In the bundle it would print
 * into the screen under DEBUG=*.
 */
export default () => () => undefined;
