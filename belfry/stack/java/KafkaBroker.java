package belfry.stack;

import java.nio.file.Path;

/** Runs one Kafka broker: KafkaBroker PARENT LOCK server.properties. */
public final class KafkaBroker {

    private KafkaBroker() {
    }

    public static void main(String[] args) throws Exception {
        Lifeline.tie(Long.parseLong(args[0]));
        Lifeline.lock(Path.of(args[1]));
        kafka.Kafka.main(new String[] {args[2]});
    }
}
