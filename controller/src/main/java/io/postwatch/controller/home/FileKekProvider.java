package io.postwatch.controller.home;

import com.google.crypto.tink.subtle.AesGcmJce;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A key-encryption key in a file of one line that only its owner may read, made on the first start. */
final class FileKekProvider implements KekProvider {
    private static final String PREFIX = "postwatch-kek-1:";
    private static final int KEY_BYTES = 32;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final SecretKey key;
    private final AesGcmJce wrapping;

    private FileKekProvider(byte[] key) {
        this.key = new SecretKeySpec(key, "Generic");
        try {
            this.wrapping = new AesGcmJce(derive("wrap", KEY_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no AES-256-GCM", e);
        }
    }

    /** Reads the file, or makes it with a new key; when two starts race, both end up with the same key. */
    static FileKekProvider open(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            return new FileKekProvider(read(file));
        } catch (IOException e) {
            throw new StartupRefused(
                    "The key-encryption key " + file + " can't be read or made.",
                    "Check the folder's owner and permissions; never delete the file: stored passwords can't be read without it.",
                    e);
        }
    }

    private static void create(Path file) throws IOException {
        byte[] fresh = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(fresh);
        Path folder = java.util.Objects.requireNonNull(file.toAbsolutePath().getParent());
        Files.createDirectories(folder);
        Path draft = Files.createTempFile(folder, ".key", ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            String line = PREFIX + Base64.getEncoder().encodeToString(fresh) + "\n";
            Files.writeString(draft, line, StandardOpenOption.SYNC);
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            // Another start was faster: its key is the one.
        } catch (UnsupportedOperationException e) {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static byte[] read(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file, new LinkOption[0]);
        if (!OWNER_ONLY.containsAll(permissions) && !onlyGroupReadable(permissions)) {
            throw new StartupRefused("Others may read the key-encryption key " + file + ".", "Run: chmod 600 " + file);
        }
        String line = Files.readString(file).strip();
        byte[] key;
        try {
            key = line.startsWith(PREFIX) ? Base64.getDecoder().decode(line.substring(PREFIX.length())) : new byte[0];
        } catch (IllegalArgumentException e) {
            key = new byte[0];
        }
        if (key.length != KEY_BYTES) {
            throw new StartupRefused(
                    file + " holds no key-encryption key.", "Restore the file from your backup of the data folder.");
        }
        return key;
    }

    /** A mounted secret of an orchestrator belongs to root and a group of the process. */
    private static boolean onlyGroupReadable(Set<PosixFilePermission> permissions) {
        return PosixFilePermissions.fromString("rw-r-----").containsAll(permissions);
    }

    @Override
    public byte[] wrap(byte[] plain, byte[] context) {
        try {
            return wrapping.encrypt(plain, context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A key could not be wrapped", e);
        }
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] context) {
        try {
            return wrapping.decrypt(wrapped, context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "A key could not be unwrapped: it was wrapped by another key-encryption key or for another purpose",
                    e);
        }
    }

    @Override
    public byte[] derive(String purpose, int length) {
        try {
            KDF hkdf = KDF.getInstance("HKDF-SHA256");
            byte[] info = ("postwatch " + purpose).getBytes(StandardCharsets.UTF_8);
            return hkdf.deriveData(HKDFParameterSpec.ofExtract().addIKM(key).thenExpand(info, length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no HKDF-SHA256", e);
        }
    }
}
