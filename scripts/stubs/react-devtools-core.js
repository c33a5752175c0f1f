/** Ink imports React's developer tools when DEV=true; a monitor in production has none. */
export default { initialize: () => undefined, connectToDevTools: () => undefined };
