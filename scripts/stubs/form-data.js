/** axios makes forms with it, which kmon sends none of. The package brings a list of all media types; to name Node's own would load Node's HTTP client. */
export default undefined;
