package kmon.lab;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.Stores;

/**
 * Counts the records of a topic by the last character of their values: the smallest application of Kafka Streams that has two
 * subtopologies, with a repartition topic between them and a changelog behind the second. `Totals.java PROPERTIES TOPIC`, compiled by
 * `java` itself when it is started. Runs until it is ended, and leaves its group then.
 */
public class Totals {
  public static void main(String[] args) throws Exception {
    Properties properties = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of(args[0]))) {
      properties.load(file);
    }
    StreamsBuilder builder = new StreamsBuilder();
    builder.<String, String>stream(args[1])
        .groupBy((key, value) -> value.substring(value.length() - 1), Grouped.as("by-digit"))
        .count(Materialized.as(Stores.inMemoryKeyValueStore("totals")));
    KafkaStreams application = new KafkaStreams(builder.build(), properties);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> application.close(Duration.ofSeconds(4))));
    application.start();
  }
}
