import { maySee, type Api } from '../api.js';

/** ListGroups (16): the groups that this broker coordinates; v4 adds the state, v5 the type. */
export const listGroups: Api = {
  key: 16,
  name: 'ListGroups',
  min: 0,
  max: 5,
  flexibleFrom: 3,
  answer(request, answer, question) {
    const { state, broker, version } = question;
    const states = version >= 4 ? lowerCased(request.list(() => request.name())) : [];
    const types = version >= 5 ? lowerCased(request.list(() => request.name())) : [];
    request.tags();
    const groups = Object.entries(state.groups).filter(
      ([, g]) =>
        maySee(question) &&
        g.coordinator === broker.id &&
        (states.length === 0 || states.includes(g.state.toLowerCase())) &&
        (types.length === 0 || types.includes(g.type)),
    );
    if (version >= 1) answer.int32(state.throttleMs);
    answer.int16(0).list(groups, ([name, g]) => {
      answer.text(name).text(g.protocolType);
      if (version >= 4) answer.text(g.state);
      if (version >= 5) answer.text(g.type);
      answer.tags();
    });
    answer.tags();
  },
};

function lowerCased(names: readonly string[] | null): string[] {
  return (names ?? []).map(name => name.toLowerCase());
}
