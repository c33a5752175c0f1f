/** What end-to-end tests use of a lab. */
export { inject, heal } from './faults/index.js';
export { groupsOf } from './groups.js';
export { lagByJavaTool, streamsLagByJavaTool } from './lag.js';
export { currentLoad, setLoad, stopLoad } from './load.js';
export { settle } from './settle.js';
export { openLab, type LabSite } from './site.js';
export { status } from './status.js';
export { freezeStreams, hasStreams, startStreams, stopStreams, streams, writeSales } from './streams.js';
export { truth, TruthReader, type PartitionTruth } from './truth.js';
export { until } from './wait.js';
