package io.postwatch.agent.spool;

import io.postwatch.agent.disk.PrivateFolder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/**
 * A program that stores more results than its disk takes, and says {@code stored} on standard output when each of them is
 * stored or counted as lost. Then it waits to be killed; or for a byte on standard input, upon which it stores some more, which
 * are smaller, and ends.
 */
final class SpoolFillingProgram {

    static final int RESULTS = 1_500;
    static final int BYTES = 20_000;
    static final int MORE = 50;

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
        if (System.in.read() >= 0) {
            for (int i = 0; i < MORE; i++) {
                spool.store(new RunRow(InstantSource.system().instant(), true, new byte[] {1}, List.of()));
            }
            spool.close();
        }
    }
}
