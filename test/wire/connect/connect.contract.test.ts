import { connectContract } from '../../contract/connect.contract.js';
import { FakeClock } from '../../support/fake-clock.js';
import { planted, simulatedMirror } from '../../support/simulated-mirror.js';

connectContract('the simulator', async () => {
  const clock = new FakeClock();
  const connect = await simulatedMirror(clock);
  return {
    clock,
    endpoint: { connect: 'us', urls: connect.urls, requestTimeout: 5_000 },
    clusterId: connect.clusterId,
    connector: 'mm2-source',
    sourceAlias: 'eu',
    topic: 'orders',
    secrets: Object.values(planted),
    stop: () => connect.stop(),
  };
});
