package io.postwatch.agent.spool;

import io.postwatch.agent.disk.PrivateFolder;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A program that does nothing but use a spool, as fast as it can, and says on standard output what it was promised, after
 * it was, each line with a dot at its end: {@code S payload} for a result that is stored, {@code N lane sequence payload} for a number that was given,
 * {@code A lane sequence} for an ack that is noted. It goes on until it is killed.
 */
final class SpoolWriter {

    private static final int WRITERS = 4;

    private SpoolWriter() {}

    public static void main(String... arguments) throws Exception {
        PrintStream out = System.out;
        Spool spool = new Spool(
                PrivateFolder.open(Path.of(arguments[0])),
                SpoolBounds.DEFAULT,
                InstantSource.system()::instant,
                UUID::randomUUID);
        AtomicLong number = new AtomicLong(Long.parseLong(arguments[1]));
        for (int i = 0; i < WRITERS; i++) {
            Thread.ofPlatform().start(() -> {
                while (true) {
                    String payload = "result-" + number.incrementAndGet();
                    spool.store(new RunRow(
                            InstantSource.system().instant(),
                            true,
                            payload.getBytes(StandardCharsets.UTF_8),
                            List.of()));
                    out.println("S " + payload + " .");
                }
            });
        }
        for (long after = spool.lastSequence(Lane.LIVE); ; ) {
            for (SpoolRecord record : spool.following(Lane.LIVE, after, 20, 100_000)) {
                after = record.sequence();
                if (record instanceof SpoolRecord.Run run) {
                    out.println("N " + after + " " + new String(run.payload(), StandardCharsets.UTF_8) + " .");
                }
            }
            if (after > 30) {
                spool.ack(Lane.LIVE, after - 30);
                out.println("A " + (after - 30) + " .");
            }
        }
    }
}
