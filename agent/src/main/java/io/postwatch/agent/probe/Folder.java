package io.postwatch.agent.probe;

import io.postwatch.agent.probe.bounds.Checks;

/**
 * The name of a mailbox folder.
 *
 * @param name as people write it, in any script; 1 to 200 characters, without CR, LF and NUL
 */
public record Folder(String name) {

    private static final int MAX_LENGTH = 200;

    public Folder {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a folder's name has 1 to " + MAX_LENGTH + " characters");
        }
        Checks.singleLine(name, "a folder's name");
    }
}
