package kmon.lab;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import org.apache.kafka.connect.converters.ByteArrayConverter;
import org.apache.kafka.connect.data.Schema;

/**
 * Passes bytes through, and computes for a fixed time of CPU per record: it stands for a conversion that has become
 * expensive. CPU time and not time on the wall, so that tasks that have to share a core fall behind.
 */
public class BusyConverter extends ByteArrayConverter {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private long nanosPerRecord;

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    super.configure(configs, isKey);
    Object micros = configs.get("micros");
    nanosPerRecord = micros == null ? 0 : Long.parseLong(micros.toString()) * 1_000;
  }

  @Override
  public byte[] fromConnectData(String topic, Schema schema, Object value) {
    long end = THREADS.getCurrentThreadCpuTime() + nanosPerRecord;
    while (THREADS.getCurrentThreadCpuTime() < end) Thread.onSpinWait();
    return super.fromConnectData(topic, schema, value);
  }
}
