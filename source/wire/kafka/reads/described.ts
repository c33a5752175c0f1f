import { failure, type Failure } from '../../../core/failure.js';
import type { Answer, GroupDescription, GroupsDescribed, Timing } from '../../../core/observation.js';
import type { Body } from '../body.js';
import type { KafkaLink, KafkaRequest, Timed } from '../link.js';
import type { LastAnswer } from './last-answer.js';

/** What a describe of several groups gives: every group that was asked for, each with its own answer. */
export type Described = Timing & Pick<GroupsDescribed, 'groups'>;

export type DescribedGroup = { readonly group: string; readonly answer: Answer<GroupDescription> };

/** What the same describe of the same broker was answered last. */
export type LastDescribed = LastAnswer<readonly DescribedGroup[]>;

/** Sends a describe, and answers for each group asked, also when the request failed whole or left a group out. */
export async function describe(
  link: KafkaLink,
  broker: number,
  groups: readonly string[],
  request: KafkaRequest<readonly DescribedGroup[]>,
  signal: AbortSignal | undefined,
  last: LastDescribed | undefined,
): Promise<Described> {
  const seen = await link.send(broker, last?.to(request, link.nameOf(broker)) ?? request, signal);
  return answerOfEach(groups, seen, `${request.name} of ${link.nameOf(broker)}`);
}

/** The question that every describe of the newer kinds of groups puts in the same words. */
export function askFor(groups: readonly string[], body: Body): void {
  const withAuthorizedOperations = false;
  body
    .list(groups, group => body.text(group))
    .flag(withAuthorizedOperations)
    .tags();
}

type OfGroup<T> = { readonly group: string; readonly answer: Answer<T> };

/** One answer for several groups, as an answer for each: also when it failed whole or left a group out. */
export function answerOfEach<T>(
  groups: readonly string[],
  { asked, answered, answer }: Timed<Answer<readonly OfGroup<T>[]>>,
  subject: string,
): Timing & { readonly groups: readonly OfGroup<T>[] } {
  if ('failed' in answer) {
    return { asked, answered, groups: groups.map(group => ({ group, answer: { failed: answer.failed } })) };
  }
  const byGroup = new Map(answer.ok.map(seen => [seen.group, seen]));
  return {
    asked,
    answered,
    groups: groups.map(group => byGroup.get(group) ?? { group, answer: { failed: leftOut(group, subject) } }),
  };
}

function leftOut(group: string, subject: string): Failure {
  return failure('malformed', subject, `the answer does not speak of group ${group}`);
}
