/** axios makes forms with it, which kmon sends none of; Node has one of its own. The package brings a list of all media types. */
export default FormData;
