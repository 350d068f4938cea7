package io.postwatch.agent.spool;

import io.postwatch.agent.disk.PrivateFolder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/**
 * A program that stores more results than its disk takes, says {@code stored} on standard output when each of them is
 * stored or counted as lost, and waits to be killed.
 */
final class SpoolFillingProgram {

    static final int RESULTS = 1_500;
    static final int BYTES = 20_000;

    private SpoolFillingProgram() {}

    public static void main(String... arguments) throws Exception {
        Spool spool = new Spool(
                PrivateFolder.open(Path.of(arguments[0])),
                SpoolBounds.DEFAULT,
                InstantSource.system()::instant,
                UUID::randomUUID);
        for (int i = 0; i < RESULTS; i++) {
            spool.store(new RunRow(InstantSource.system().instant(), true, new byte[BYTES], List.of()));
        }
        System.out.println("stored");
        System.in.read();
    }
}
