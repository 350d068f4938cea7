package io.postwatch.agent.assignment;

import io.postwatch.agent.disk.PrivateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
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
 * <p>File: one byte of version, 12 bytes of nonce, ciphertext with its tag. A copy that can't be read is as good as none:
 * the controller sends a snapshot.
 */
public final class AssignmentStore {

    private static final Logger LOG = LoggerFactory.getLogger(AssignmentStore.class);
    private static final String FILE = "assignments";
    private static final byte VERSION = 1;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final byte[] LABEL = "postwatch-assignments-v1".getBytes(StandardCharsets.US_ASCII);

    private final PrivateFolder folder;
    private final SecretKey key;
    private final SecureRandom random;
    private final StateCodec codec;

    public AssignmentStore(PrivateFolder folder, SecretKey key, SecureRandom random, StateCodec codec) {
        this.folder = folder;
        this.key = key;
        this.random = random;
        this.codec = codec;
    }

    /** The state as it was last saved; {@link DesiredState#NONE} where there is none that can be read. */
    public DesiredState load() {
        try {
            Optional<byte[]> file = folder.read(FILE);
            return file.isPresent() ? codec.decode(decrypt(file.get())) : DesiredState.NONE;
        } catch (IOException | GeneralSecurityException | RuntimeException unreadable) {
            LOG.warn(
                    "The copy of the assignments on disk can't be read ({}); the controller will send them",
                    unreadable.getMessage());
            return DesiredState.NONE;
        }
    }

    public void save(DesiredState state) throws IOException {
        try {
            folder.replace(FILE, encrypt(codec.encode(state)));
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
