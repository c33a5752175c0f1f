import type { Binding } from '../../binding.js';
import { orderKey } from '../../order-key.js';
import { topicOrders } from './order.js';

export const topicKeys: readonly Binding[] = [
  orderKey(
    'topic',
    topicOrders,
    'the next order of the partitions: number, trouble, rate, size, leader, moves',
  ),
];
