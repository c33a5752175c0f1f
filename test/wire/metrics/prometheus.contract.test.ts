import { prometheusContract } from '../../contract/prometheus.contract.js';
import { FakeClock } from '../../support/fake-clock.js';
import { simulatedMetrics } from '../../support/simulated-mirror.js';

prometheusContract('the simulator', async () => {
  const clock = new FakeClock();
  const prometheus = await simulatedMetrics(clock);
  return {
    clock,
    endpoint: { name: 'prometheus', url: prometheus.url, requestTimeout: 5_000 },
    connector: 'mm2-source',
    tasks: 4,
    stop: () => prometheus.stop(),
  };
});
