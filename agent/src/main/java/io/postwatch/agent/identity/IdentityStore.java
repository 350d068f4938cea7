package io.postwatch.agent.identity;

import io.postwatch.agent.disk.PrivateFolder;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identity on disk.
 *
 * <p>The lasting keys and the TLS key of a certificate that was asked for but hasn't come yet are written before the
 * controller is called, so that a call that was cut off is repeated with the same keys. The credentials are one file:
 * id, certificate, its key and the roots are always of one piece.
 */
public final class IdentityStore {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityStore.class);
    private static final String KEYS = "keys.pem";
    private static final String NEXT_TLS_KEY = "next-tls-key.pem";
    private static final String CREDENTIALS = "credentials.pem";
    private static final String STORAGE_KEY = "storage.key";
    private static final int STORAGE_KEY_BYTES = 32;

    private final PrivateFolder folder;
    private final SecureRandom random;

    public IdentityStore(PrivateFolder folder, SecureRandom random) {
        this.folder = folder;
        this.random = random;
    }

    /** The lasting keys, made on the first call ever. */
    public AgentKeys keys() throws IOException {
        Optional<byte[]> file = folder.read(KEYS);
        if (file.isPresent()) {
            return AgentKeys.decode(file.get());
        }
        AgentKeys keys = AgentKeys.generate(random);
        folder.replace(KEYS, keys.encode());
        return keys;
    }

    /** The key for the next certificate; the same until {@link #save} is given that certificate. */
    public TlsKey nextTlsKey() throws IOException {
        Optional<TlsKey> waiting = waitingTlsKey();
        if (waiting.isPresent()) {
            return waiting.get();
        }
        TlsKey key = TlsKey.generate();
        folder.replace(NEXT_TLS_KEY, key.encode());
        return key;
    }

    /** Empty until this host is enrolled. */
    public Optional<Credentials> credentials() throws IOException {
        Optional<byte[]> file = folder.read(CREDENTIALS);
        return file.isPresent() ? Optional.of(Credentials.decode(file.get())) : Optional.empty();
    }

    /**
     * Keeps the answer to an enrolment or a renewal, and ends the life of the key it was asked for with. Once it returns,
     * these are on the disk; once it throws, they are not. Also where the caller is interrupted: a disk that is ahead of
     * what the agent goes on with would look like a copy of its state.
     */
    public void save(Credentials credentials) throws IOException {
        byte[] file = credentials.encode();
        FutureTask<@Nullable Void> saving = new FutureTask<>(() -> {
            folder.replace(CREDENTIALS, file);
            forgetTlsKeyOf(credentials);
            return null;
        });
        // Of a thread that nobody else knows: an interrupt closes the file in the middle of it.
        Thread.ofVirtual().name("identity").start(saving);
        awaitSaved(saving);
    }

    private static void awaitSaved(Future<?> saving) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    saving.get();
                    return;
                } catch (InterruptedException later) {
                    interrupted = true;
                } catch (ExecutionException failed) {
                    throw new IOException("the agent's credentials can't be saved", failed.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Where that fails, what was saved counts all the same; the next certificate is for the same key then. */
    private void forgetTlsKeyOf(Credentials credentials) {
        try {
            Optional<TlsKey> waiting = waitingTlsKey();
            if (waiting.isPresent() && waiting.get().isOf(credentials.chain().getFirst())) {
                folder.delete(NEXT_TLS_KEY);
            }
        } catch (IOException left) {
            LOG.warn("The key that the certificate was asked for with can't be deleted: {}", left.getMessage());
        }
    }

    /** A key that can't be read is as good as none: the next request is made with a new one. */
    private Optional<TlsKey> waitingTlsKey() throws IOException {
        Optional<byte[]> file = folder.read(NEXT_TLS_KEY);
        try {
            return file.isPresent() ? Optional.of(TlsKey.decode(file.get())) : Optional.empty();
        } catch (IOException damaged) {
            LOG.warn("The key for the next certificate can't be read and is made anew: {}", damaged.getMessage());
            return Optional.empty();
        }
    }

    /** AES-256 key for what the agent keeps on disk. */
    public SecretKey storageKey() throws IOException {
        Optional<byte[]> file = folder.read(STORAGE_KEY);
        if (file.isPresent() && file.get().length == STORAGE_KEY_BYTES) {
            return new SecretKeySpec(file.get(), "AES");
        }
        byte[] key = new byte[STORAGE_KEY_BYTES];
        random.nextBytes(key);
        folder.replace(STORAGE_KEY, key);
        return new SecretKeySpec(key, "AES");
    }
}
