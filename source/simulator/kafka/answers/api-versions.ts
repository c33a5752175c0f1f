import type { Api, Question } from '../api.js';

/** ApiVersions (18). Its answer has header v0 in every version; v3 is flexible in the body alone (KIP-511). */
export function apiVersions(all: () => readonly Api[]): Api {
  return {
    key: 18,
    name: 'ApiVersions',
    min: 0,
    max: 3,
    flexibleFrom: 3,
    answer(request, answer, question) {
      if (question.version >= 3) {
        request.text();
        request.text();
        request.tags();
      }
      const offered = all()
        .map(api => ({ key: api.key, ...offer(api, question) }))
        .filter(({ min, max }) => max >= min);
      answer.int16(0).list(offered, ({ key, min, max }) => answer.int16(key).int16(min).int16(max).tags());
      if (question.version >= 1) answer.int32(question.state.throttleMs);
      answer.tags();
    },
  };
}

/** The versions of an API that a broker offers; none when max < min. */
export function offer(api: Api, { broker }: Pick<Question, 'broker'>): { min: number; max: number } {
  return { min: broker.oldest[api.key] ?? api.min, max: broker.newest[api.key] ?? api.max };
}
