package io.postwatch.agent.localsecret;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Reads a secret from a file that the agent's user, and at most its group, can read. */
final class SecretFile {

    /** What nobody may: read it who is neither its owner nor of its group, or write another secret into it. */
    private static final Set<PosixFilePermission> TOO_MUCH = EnumSet.of(
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE,
            PosixFilePermission.GROUP_WRITE);

    private SecretFile() {}

    /** The one line of the file. Links are followed: orchestrators mount secrets as such. */
    static String read(LocalSecretName name, Path path) throws LocalSecretException {
        checkRights(name, path);
        byte[] content;
        try (InputStream file = Files.newInputStream(path)) {
            content = file.readNBytes(SecretText.MAX_BYTES + 1);
        } catch (IOException unreadable) {
            throw failed(name, path, unreadable);
        }
        try {
            return SecretText.onlyLine(content);
        } catch (CharacterCodingException | IllegalArgumentException unusable) {
            throw new LocalSecretException(
                    "What is in the file of the secret \"" + name + "\" can't be used: it "
                            + SecretText.whatIsWrong(unusable) + ".",
                    path.toString());
        }
    }

    /**
     * What keeps the file from being read, without reading it.
     *
     * <p>Between this and the reading somebody who may change the file's rights can change them: against such a person
     * it is no protection, only against a mistake.
     */
    static void checkRights(LocalSecretName name, Path path) throws LocalSecretException {
        PosixFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, PosixFileAttributes.class);
        } catch (IOException unreadable) {
            throw failed(name, path, unreadable);
        }
        if (!attributes.isRegularFile()) {
            throw new LocalSecretException(
                    "The file of the secret \"" + name + "\" is no ordinary file.", path.toString());
        }
        Set<PosixFilePermission> excess = EnumSet.copyOf(TOO_MUCH);
        excess.retainAll(attributes.permissions());
        if (!excess.isEmpty()) {
            throw new LocalSecretException(
                    "The file of the secret \"" + name + "\" is open to others than the agent's user: it is not read"
                            + " until its rights are 0600 or 0640.",
                    path + " gives away " + excess);
        }
        if (!Files.isReadable(path)) {
            throw failed(name, path, new AccessDeniedException(path.toString()));
        }
    }

    private static LocalSecretException failed(LocalSecretName name, Path path, IOException unreadable) {
        String why = switch (unreadable) {
            case NoSuchFileException _ -> "is not there";
            case AccessDeniedException _ -> "can't be read by the agent's user";
            default -> "can't be read";
        };
        return new LocalSecretException(
                "The file of the secret \"" + name + "\" " + why + ".",
                path + ": " + unreadable.getClass().getName());
    }
}
