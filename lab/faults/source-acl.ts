import { createAcls, revokeSourceRead } from '../topics.js';
import type { Fault } from './fault.js';

export const sourceAcl: Fault = {
  name: 'source-acl',
  about:
    'mm2-user may no longer read the source (Describe stays): its tasks log it, stay RUNNING and poll nothing',
  inject: revokeSourceRead,
  heal: createAcls,
};
