package io.postwatch.agent.assignment;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.probe.time.ControllerTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copy of the desired state on disk: AES-256-GCM under a key of this host, with the secrets still sealed inside.
 *
 * <p>File: one byte of version, 12 bytes of nonce, ciphertext with its tag; the plaintext begins with the moment at which
 * the controller stood behind it, eight bytes of milliseconds since 1970. A copy that can't be read, or that no controller
 * stood behind for too long, is as good as none: the controller sends a snapshot. Used by one thread at a time.
 */
public final class AssignmentStore {

    private static final Logger LOG = LoggerFactory.getLogger(AssignmentStore.class);
    private static final String FILE = "assignments";
    private static final byte VERSION = 2;

    /** A copy that the controller stands behind is written again when it is older. */
    private static final Duration CONFIRMED_AFTER = Duration.ofHours(1);

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final byte[] LABEL = "postwatch-assignments-v1".getBytes(StandardCharsets.US_ASCII);

    private final PrivateFolder folder;
    private final SecretKey key;
    private final SecureRandom random;
    private final StateCodec codec;
    private final ControllerTime clock;
    private final Duration maxAge;

    /** When the copy was written last, or tried to be. */
    private Instant written = Instant.EPOCH;

    /**
     * Opens the copy in its folder.
     *
     * @param clock the controller's time
     * @param maxAge after which a copy is not used any more, unless the time is a guess; positive
     */
    public AssignmentStore(
            PrivateFolder folder,
            SecretKey key,
            SecureRandom random,
            StateCodec codec,
            ControllerTime clock,
            Duration maxAge) {
        if (!maxAge.isPositive()) {
            throw new IllegalArgumentException("a copy of the assignments is used for some time, or it isn't kept");
        }
        this.folder = folder;
        this.key = key;
        this.random = random;
        this.codec = codec;
        this.clock = clock;
        this.maxAge = maxAge;
    }

    /** The state as it was last saved; {@link DesiredState#NONE} where there is none that can be read and is young enough. */
    public DesiredState load() {
        try {
            Optional<byte[]> file = folder.read(FILE);
            return file.isPresent() ? decode(ByteBuffer.wrap(decrypt(file.get()))) : DesiredState.NONE;
        } catch (IOException | GeneralSecurityException | RuntimeException unreadable) {
            LOG.warn(
                    "The copy of the assignments on disk can't be read ({}); the controller will send them",
                    unreadable.getMessage());
            return DesiredState.NONE;
        }
    }

    private DesiredState decode(ByteBuffer plain) throws IOException {
        Instant saved = Instant.ofEpochMilli(plain.getLong());
        // A host that believes in an earlier time than its copy is wrong about the time, not about the copy.
        boolean isTooOld = Duration.between(saved, clock.instant()).compareTo(maxAge) > 0;
        if (isTooOld && !clock.isSuspect()) {
            LOG.warn(
                    "No controller stood behind the copy of the assignments since {}, which is too long ago; the controller"
                            + " will send them",
                    saved);
            return DesiredState.NONE;
        }
        byte[] encoded = new byte[plain.remaining()];
        plain.get(encoded);
        written = saved;
        return codec.decode(encoded);
    }

    /** The controller stands behind this state, which is the one that was saved last: its copy doesn't grow old. */
    public void confirm(DesiredState state) throws IOException {
        if (written.plus(CONFIRMED_AFTER).isBefore(clock.instant())) {
            save(state);
        }
    }

    public void save(DesiredState state) throws IOException {
        Instant now = clock.instant();
        byte[] encoded = codec.encode(state);
        // Also where it fails: a disk that is full is not asked with every heartbeat.
        written = now;
        try {
            folder.replace(
                    FILE,
                    encrypt(ByteBuffer.allocate(Long.BYTES + encoded.length)
                            .putLong(now.toEpochMilli())
                            .put(encoded)
                            .array()));
        } catch (GeneralSecurityException impossible) {
            throw new IOException("the assignments can't be encrypted", impossible);
        }
    }

    private byte[] encrypt(byte[] plain) throws GeneralSecurityException {
        byte[] file = new byte[1 + NONCE];
        random.nextBytes(file);
        file[0] = VERSION;
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, file).doFinal(plain);
        byte[] whole = Arrays.copyOf(file, file.length + sealed.length);
        System.arraycopy(sealed, 0, whole, file.length, sealed.length);
        return whole;
    }

    private byte[] decrypt(byte[] file) throws GeneralSecurityException {
        if (file.length < 1 + NONCE || file[0] != VERSION) {
            throw new GeneralSecurityException("not a file of assignments of version " + VERSION);
        }
        return cipher(Cipher.DECRYPT_MODE, file).doFinal(file, 1 + NONCE, file.length - 1 - NONCE);
    }

    private Cipher cipher(int mode, byte[] file) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, file, 1, NONCE));
        cipher.updateAAD(LABEL);
        return cipher;
    }
}
