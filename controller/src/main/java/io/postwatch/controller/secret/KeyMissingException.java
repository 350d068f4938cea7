package io.postwatch.controller.secret;

import io.postwatch.controller.home.KekId;
import org.springframework.dao.TransientDataAccessResourceException;

/**
 * This controller doesn't have a key-encryption key that others use: nothing is wrong with what it was to read, so
 * whoever wanted it tries again, here or elsewhere.
 */
final class KeyMissingException extends TransientDataAccessResourceException {
    private static final long serialVersionUID = 1;

    KeyMissingException(KekId key) {
        super("The key-encryption key " + key.hex()
                + " is missing in the key file of this controller: copy the file of another controller to it");
    }
}
