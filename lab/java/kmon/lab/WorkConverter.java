package kmon.lab;

import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.connect.converters.ByteArrayConverter;
import org.apache.kafka.connect.data.Schema;

/**
 * Passes bytes through, at a fixed time per record: it stands for encrypting or masking values on their way. It gives
 * every task a known capacity (about 1,000,000 / micros records a second) that does not depend on the machine, so that
 * "more than four tasks can carry" is the same situation everywhere, and costs no CPU. A converter and not a
 * transformation, because a transformation may drop records: whoever watches cannot know that this one never does.
 */
public class WorkConverter extends ByteArrayConverter {
  private long nanosPerRecord;
  /** Time that parking took beyond what was asked for; the next records are given it back. */
  private long owedNanos;

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    super.configure(configs, isKey);
    Object micros = configs.get("micros");
    nanosPerRecord = micros == null ? 0 : Long.parseLong(micros.toString()) * 1_000;
  }

  @Override
  public byte[] fromConnectData(String topic, Schema schema, Object value) {
    work();
    return super.fromConnectData(topic, schema, value);
  }

  private void work() {
    long wanted = nanosPerRecord - owedNanos;
    if (wanted <= 0) {
      owedNanos -= nanosPerRecord;
      return;
    }
    long start = System.nanoTime();
    LockSupport.parkNanos(wanted);
    owedNanos = Math.min(System.nanoTime() - start - wanted, 10 * nanosPerRecord);
  }
}
