import type { Millis } from '../core/clock.js';
import type { TopicSeen } from '../core/observation.js';

/** Whoever makes a topic anew does it at once, or after having looked at what failed. */
const remembered: Millis = 3_600_000;
const mostRemembered = 10_000;

/** Ids of topics that are no longer there. Between a deletion and the making anew kmon may have looked. */
export class DepartedTopics {
  private readonly departed = new Map<string, { readonly id: string; readonly at: Millis }>();

  note(gone: readonly TopicSeen[], at: Millis): void {
    for (const { topic, topicId } of gone)
      if (topicId !== undefined) {
        this.departed.delete(topic);
        this.departed.set(topic, { id: topicId, at });
      }
    // The oldest come first.
    for (const [topic, { at: left }] of this.departed)
      if (left < at - remembered || this.departed.size > mostRemembered) this.departed.delete(topic);
      else break;
  }

  /** Whether a topic of that name was there, and was another one. The same one may have been out of sight only. */
  knewAnother({ topic, topicId }: TopicSeen): boolean {
    const known = this.departed.get(topic);
    return known !== undefined && topicId !== undefined && known.id !== topicId;
  }
}
