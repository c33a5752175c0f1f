import type { Guide } from './guide.js';
import { dedicatedMirror } from './guides/dedicated-mirror.js';
import { scaleOut } from './guides/scale-out.js';
import { workerHeap } from './guides/worker-heap.js';

/** Everything that kmon can not do itself and yet knows how it is done, in the order of the menu. */
export const guides: readonly Guide[] = [scaleOut, workerHeap, dedicatedMirror];
