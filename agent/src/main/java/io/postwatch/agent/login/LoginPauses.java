package io.postwatch.agent.login;

import io.postwatch.agent.disk.PrivateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credentials that this agent leaves alone, also after a restart: whatever a controller says, an agent is no guesser of
 * passwords. File: {@code v1}, a line with name and milliseconds since 1970 for each, and the CRC-32 of all before it in
 * hexadecimal. Called by the threads of runs.
 */
public final class LoginPauses {

    private static final Logger LOG = LoggerFactory.getLogger(LoginPauses.class);
    private static final String FILE = "login-pauses";
    private static final String VERSION = "v1";

    private final PrivateFolder folder;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final Map<CredentialId, LoginPause> pauses = new HashMap<>();

    /**
     * Takes up what the disk holds; what can't be read is as good as nothing.
     *
     * @param clock the controller's time
     */
    public LoginPauses(PrivateFolder folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
        try {
            folder.read(FILE).ifPresent(bytes -> pauses.putAll(parse(new String(bytes, StandardCharsets.US_ASCII))));
        } catch (IOException | RuntimeException unreadable) {
            LOG.warn("The kept pauses of logins can't be read: {}", unreadable.getMessage());
        }
    }

    /** The pause of a credential, while it goes on. */
    Optional<LoginPause> of(CredentialId credential) {
        Instant now = clock.instant();
        lock.lock();
        try {
            return Optional.ofNullable(pauses.get(credential)).filter(pause -> pause.holds(now));
        } finally {
            lock.unlock();
        }
    }

    /** What a run that logged in, or tried to, told of the credential. */
    void learn(CredentialId credential, LoginVerdict verdict) {
        switch (verdict) {
            case REFUSED -> refused(credential);
            case ACCEPTED -> accepted(credential);
            case NEITHER -> {}
        }
    }

    private void refused(CredentialId credential) {
        Instant now = clock.instant();
        lock.lock();
        try {
            pauses.values().removeIf(pause -> !pause.holds(now));
            pauses.put(credential, new LoginPause(Instant.ofEpochMilli(now.toEpochMilli())));
            keep();
        } finally {
            lock.unlock();
        }
    }

    private void accepted(CredentialId credential) {
        lock.lock();
        try {
            if (pauses.remove(credential) != null) {
                keep();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private void keep() {
        String text = VERSION + "\n"
                + pauses.entrySet().stream()
                        .map(pause -> pause.getKey().hex() + " "
                                + pause.getValue().refusedAt().toEpochMilli() + "\n")
                        .sorted()
                        .collect(Collectors.joining());
        try {
            folder.replace(FILE, (text + checksum(text) + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException unwritable) {
            LOG.warn(
                    "The pauses of logins hold, but could not be kept for the next start: {}", unwritable.getMessage());
        }
    }

    private static Map<CredentialId, LoginPause> parse(String text) {
        List<String> lines = text.lines().toList();
        int last = lines.size() - 1;
        if (last < 1 || !lines.getFirst().equals(VERSION)) {
            throw new IllegalArgumentException("it is of another version");
        }
        String sealed = lines.subList(0, last).stream().map(line -> line + "\n").collect(Collectors.joining());
        if (!lines.get(last).equals(checksum(sealed))) {
            throw new IllegalArgumentException("it is damaged");
        }
        Map<CredentialId, LoginPause> read = new HashMap<>();
        for (String line : lines.subList(1, last)) {
            int space = line.indexOf(' ');
            read.put(
                    new CredentialId(line.substring(0, space)),
                    new LoginPause(Instant.ofEpochMilli(Long.parseLong(line.substring(space + 1)))));
        }
        return read;
    }

    private static String checksum(String text) {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.US_ASCII));
        return Long.toHexString(sum.getValue());
    }
}
