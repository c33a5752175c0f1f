import type { Api } from '../api.js';
import { mechanisms } from '../login.js';

const unsupportedMechanism = 33;
const illegalState = 34;
const authenticationFailed = 58;

/** SaslHandshake (17): names the mechanism. A plain listener has no part in it. */
export const saslHandshake: Api = {
  key: 17,
  name: 'SaslHandshake',
  min: 0,
  max: 1,
  flexibleFrom: 99,
  answer(request, answer, { login }) {
    const isKnown = login.choose(request.name());
    const error = !login.isOffered ? illegalState : isKnown ? 0 : unsupportedMechanism;
    answer.int16(error).list(mechanisms, name => answer.text(name));
  },
};

/** SaslAuthenticate (36): carries the messages of the mechanism. */
export const saslAuthenticate: Api = {
  key: 36,
  name: 'SaslAuthenticate',
  min: 0,
  max: 2,
  flexibleFrom: 2,
  answer(request, answer, { login, version }) {
    const step = login.step(request.blob());
    request.tags();
    answer.int16(step ? 0 : authenticationFailed).text(step ? null : login.refusal);
    answer.blob(step ?? Buffer.alloc(0));
    if (version >= 1) answer.int64(login.lifetime);
    answer.tags();
  },
};
